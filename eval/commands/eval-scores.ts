import { defineCommand } from '../../core/command.ts';
import { terminal } from '../../core/terminal.ts';
import { scoreReport } from '../benchmarks/score-report.ts';
import { readScores } from '../benchmarks/scores.ts';

/** `gem-traj eval scores OUT...`: several checkpoints' benchmarks side by side. */
export const scoresCommand = defineCommand({
  command: 'scores <out..>',
  describe: "Checkpoints' BFCL and tau2 scores side by side, with differences from the first",
  builder: (yargs) =>
    yargs
      .positional('out', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Folders of eval bfcl or eval tau2',
      })
      .option('all-paper', {
        type: 'boolean',
        default: false,
        describe: "All rows of the paper's tables",
      })
      .option('markdown', { type: 'boolean', default: false, describe: 'Print Markdown' })
      .option('json', { type: 'boolean', default: false, describe: 'Print the scores as JSON' }),
  handler: async ({ out, allPaper, markdown, json }) => {
    const checkpoints = await Promise.all(out.map(readScores));
    if (json) {
      terminal.print(JSON.stringify(checkpoints));
      return;
    }
    const report = scoreReport(checkpoints, allPaper);
    if (markdown) terminal.print(report.markdown.trimEnd());
    else for (const line of report.text) terminal.print(line);
  },
});
