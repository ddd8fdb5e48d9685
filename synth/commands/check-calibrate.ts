import type { Argv } from 'yargs';
import { defineCommand, type FlagsOf } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { isObject } from '../../core/formats/arguments.ts';
import { terminal } from '../../core/terminal.ts';
import { Calibration, isInHalf } from '../check/calibrate/calibration.ts';
import { checkFileRow } from '../check/files/check-row.ts';
import { rowsOfFiles } from '../check/files/file-rows.ts';
import { calibrationJson, calibrationLines, type LeftOut } from './calibration-lines.ts';
import { checkOptionsOf, fileOptions } from './check-options.ts';

/** `gem-traj check calibrate FILE...`: what the checks catch of faults put into clean rows. */
export const checkCalibrateCommand = defineCommand({
  command: 'calibrate <files..>',
  describe: 'Put faults into clean rows: how many of each kind the checks catch, and false alarms',
  builder: calibrateOptions,
  handler: async (flags) => {
    const { calibration, left } = await calibrate(flags);
    if (calibration.rows === 0)
      throw new UsageError(
        `no clean row in this half of ${flags.files.join(', ')}; --half all takes every row`,
      );
    if (flags.json) terminal.print(JSON.stringify(calibrationJson(calibration, left)));
    else for (const line of calibrationLines(calibration, left)) terminal.print(line);
  },
});

function calibrateOptions(yargs: Argv) {
  return fileOptions(yargs)
    .positional('files', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Files whose rows without `defects` are clean, or runs, whose accepted rows are',
    })
    .option('seed', { type: 'number', default: 0, describe: 'Seed of the faults' })
    .option('half', {
      choices: ['tune', 'report', 'all'] as const,
      default: 'report' as const,
      describe:
        'Which half of the rows, by the hash of their ids: the one that checks are tuned on, or the other',
    })
    .option('json', { type: 'boolean', default: false, describe: 'As one JSON object' });
}

async function calibrate(
  flags: FlagsOf<typeof calibrateOptions>,
): Promise<{ calibration: Calibration; left: LeftOut }> {
  const options = await checkOptionsOf({ ...flags, language: flags.language ?? 'English' });
  const calibration = new Calibration(flags.seed);
  const left: LeftOut = { otherHalf: 0, defects: 0, unreadable: 0 };
  for await (const { row, place } of rowsOfFiles(flags.files, flags.format)) {
    const { id, context } = checkFileRow(row, place, options);
    if (!isInHalf(id, flags.half)) left.otherHalf += 1;
    else if (context === null) left.unreadable += 1;
    else if (hasDefects(row.fields)) left.defects += 1;
    else calibration.add(id, context);
    if (terminal.isInteractive) terminal.live(() => `${calibration.rows} rows`);
  }
  return { calibration, left };
}

function hasDefects({ defects, rejected_by }: Record<string, unknown>): boolean {
  const isListed = Array.isArray(defects) ? defects.length > 0 : isObject(defects);
  return isListed || typeof rejected_by === 'string';
}
