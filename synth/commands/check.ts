import type { Argv } from 'yargs';
import { defineCommand, type FlagsOf } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { keepHeapSmall } from '../../core/small-heap.ts';
import { terminal } from '../../core/terminal.ts';
import { checkFileRow } from '../check/files/check-row.ts';
import { rowsOfFiles } from '../check/files/file-rows.ts';
import { reportRow } from '../check/files/report-row.ts';
import { Tally } from '../check/files/tally.ts';
import { checkCalibrateCommand } from './check-calibrate.ts';
import { explainCode, findingsTable, summaryLines } from './check-lines.ts';
import { checkOptionsOf, fileOptions } from './check-options.ts';

const EXAMPLES = 1;

/** `gem-traj check FILE...`: what the rule checks find in anybody's trajectories. */
export const checkCommand = defineCommand({
  command: 'check [files..]',
  describe: 'Check trajectories in any of the known formats: findings by code, exit 1 on errors',
  builder: checkOptions,
  handler: async (flags) => {
    keepHeapSmall();
    if (flags.explain !== undefined) {
      for (const line of explainCode(flags.explain)) terminal.print(line);
      return;
    }
    const { files = [] } = flags;
    if (files.length === 0)
      throw new UsageError('check needs files to check: gem-traj check FILE..., or --explain');
    const tally = await checkFiles(files, flags);
    if (!flags.json) for (const line of findingsTable(tally)) terminal.print(line);
    for (const line of summaryLines(tally)) (flags.json ? terminal.note : terminal.print)(line);
    if (tally.reaches(flags.failOn)) process.exitCode = 1;
  },
});

function checkOptions(yargs: Argv) {
  return fileOptions(yargs)
    .command(checkCalibrateCommand)
    .positional('files', {
      type: 'string',
      array: true,
      describe: 'Files (JSONL, JSON, Parquet, results.json of tau2), folders or names of runs',
    })
    .option('json', { type: 'boolean', default: false, describe: 'One JSON line a row' })
    .option('fail-on', {
      choices: ['error', 'warning'] as const,
      default: 'error' as const,
      describe: 'Exit with 1 on findings at or above this severity',
    })
    .option('explain', {
      type: 'string',
      describe: 'Tell what a code means, with an example; without a code list all',
    });
}

async function checkFiles(
  files: readonly string[],
  flags: FlagsOf<typeof checkOptions>,
): Promise<Tally> {
  const options = await checkOptionsOf(flags);
  const tally = new Tally(EXAMPLES);
  for await (const { row, place } of rowsOfFiles(files, flags.format)) {
    const checked = checkFileRow(row, place, options);
    tally.add(checked);
    if (flags.json) await terminal.printed(JSON.stringify(reportRow(checked)));
  }
  return tally;
}
