import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { isObject } from '../../core/formats/arguments.ts';
import { terminal } from '../../core/terminal.ts';
import { Calibration, isInHalf } from '../check/calibrate/calibration.ts';
import { checkFileRow } from '../check/files/check-row.ts';
import { rowsOfFiles } from '../check/files/file-rows.ts';
import type { CheckContext } from '../check/row.ts';
import { JudgeSample } from '../judge-calibration/sample.ts';
import { calibrationJson, calibrationLines, type LeftOut } from './calibration-lines.ts';
import { checkOptionsOf, fileOptions } from './check-options.ts';
import { judgeOptions } from './judge-endpoint.ts';

/** `gem-traj check calibrate FILE...`: what the checks, or a judge, catch of faults put into clean rows. */
export const checkCalibrateCommand = defineCommand({
  command: 'calibrate <files..>',
  describe:
    'Put faults into clean rows: how many of each kind the checks, or a judge, catch, and false alarms',
  builder: calibrateOptions,
  handler: async (flags) => {
    if (flags.judge !== undefined) return calibrateJudge(flags, flags.judge);
    for (const flag of ['judgePrompt', 'limit', 'out', 'budget'] as const)
      if (flags[flag] !== undefined)
        throw new UsageError(`--${FLAGS[flag]} is of use with --judge ENDPOINT alone`);
    const calibration = new Calibration(flags.seed);
    const left = await eachCleanRow(flags, calibration);
    if (flags.json) terminal.print(JSON.stringify(calibrationJson(calibration, left)));
    else for (const line of calibrationLines(calibration, left)) terminal.print(line);
  },
});

const FLAGS = { judgePrompt: 'judge-prompt', limit: 'limit', out: 'out', budget: 'budget' };
const MUTANTS_A_KIND = 20;

function calibrateOptions(yargs: Argv) {
  return judgeOptions(fileOptions(yargs))
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
    .option('limit', {
      type: 'number',
      describe:
        'With --judge: corruptions of a kind at most; clean rows are five times as many, where there are so many',
      defaultDescription: String(MUTANTS_A_KIND),
    })
    .option('out', {
      type: 'string',
      describe: 'With --judge: folder that keeps its answers, to go on or to ask nothing twice',
      defaultDescription: 'none: a temporary one',
    })
    .option('budget', { type: 'number', describe: 'With --judge: USD that may be spent' })
    .option('json', { type: 'boolean', default: false, describe: 'As one JSON object' });
}

async function calibrateJudge(
  flags: FlagsOf<typeof calibrateOptions>,
  judge: string,
): Promise<void> {
  const limit = flagValue('limit', z.number().int().positive(), flags.limit ?? MUTANTS_A_KIND);
  const sample = new JudgeSample(limit, flags.seed);
  const left = await eachCleanRow(flags, sample);
  const { measureJudge } = await import('./measure-judge.ts');
  await measureJudge({ ...flags, judge }, sample, left);
}

/** Takes every clean row of the half in. @throws UsageError where there is none */
async function eachCleanRow(
  flags: FlagsOf<typeof calibrateOptions>,
  taken: { rows: number; add: (id: string, context: CheckContext) => void },
): Promise<LeftOut> {
  const options = await checkOptionsOf({ ...flags, language: flags.language ?? 'English' });
  const left: LeftOut = { otherHalf: 0, defects: 0, unreadable: 0 };
  for await (const { row, place } of rowsOfFiles(flags.files, flags.format)) {
    const { id, context } = checkFileRow(row, place, options);
    if (!isInHalf(id, flags.half)) left.otherHalf += 1;
    else if (context === null) left.unreadable += 1;
    else if (hasDefects(row.fields)) left.defects += 1;
    else taken.add(id, context);
    if (terminal.isInteractive) terminal.live(() => `${taken.rows} rows`);
  }
  terminal.settle();
  if (taken.rows > 0) return left;
  throw new UsageError(
    `no clean row in this half of ${flags.files.join(', ')}; --half all takes every row`,
  );
}

function hasDefects({ defects, rejected_by }: Record<string, unknown>): boolean {
  const isListed = Array.isArray(defects) ? defects.length > 0 : isObject(defects);
  return isListed || typeof rejected_by === 'string';
}
