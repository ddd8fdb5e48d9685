import { readFile } from 'node:fs/promises';
import { defineCommand } from '../../core/command.ts';
import { existingRun } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { writeRunReport } from '../run-report/write.ts';

/** `gem-traj report RUN`: what a run made, turned down and cost, as a page. */
export const reportCommand = defineCommand({
  command: 'report <run>',
  describe:
    'What a run made, turned down and cost: report.html, report.md and report.json in its folder',
  builder: (yargs) =>
    yargs
      .positional('run', {
        type: 'string',
        demandOption: true,
        describe: 'Name or folder of the run',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print report.json instead of the paths',
      }),
  handler: async ({ run, json }) => {
    const paths = await writeRunReport(await existingRun(run));
    if (!json) {
      for (const path of paths) terminal.print(path);
      return;
    }
    const data = paths.find((path) => path.endsWith('.json'));
    if (data !== undefined) terminal.print((await readFile(data, 'utf8')).trimEnd());
  },
});
