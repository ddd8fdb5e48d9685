import type { Manifest } from '../../core/run/manifest.ts';
import { wilson } from '../../core/stats/wilson.ts';
import { table } from '../../core/table.ts';
import type { JudgeCalibrationJob, JudgeEstimate } from '../judge-calibration/calibrate-judge.ts';
import type { JudgedKind, JudgeTally } from '../judge-calibration/judge-tally.ts';
import { usd } from '../summary.ts';
import {
  byFamily,
  clipped,
  type LeftOut,
  leftOutJson,
  leftOutText,
  shareCells,
  shareText,
} from './calibration-lines.ts';

type Judged = Pick<JudgeCalibrationJob, 'setup' | 'prompt'>;

/** What will be asked at most. */
export function estimateLine(
  { setup, prompt }: Judged,
  { clean, mutants, promptTokens, costUsd }: JudgeEstimate,
): string {
  const cost = costUsd === null ? 'the endpoint has no prices' : `about ${usd(costUsd)} USD`;
  return (
    `${judgeName(setup)}, prompt ${prompt}, is asked on ${clean} clean rows and at most ${mutants} corruptions of them: ` +
    `${clean + mutants} requests with ${promptTokens.toLocaleString('en-US')} prompt tokens; ${cost}`
  );
}

/** A judge's calibration for people: kinds by family, then the clean rows, then what it cost. */
export function judgeLines(
  { setup, prompt }: Judged,
  tally: JudgeTally,
  { total, unaccounted_usd }: Manifest,
  left: LeftOut,
): string[] {
  const { falseAlarms, unscoredClean, unread } = tally;
  return [
    `${judgeName(setup)}, prompt ${prompt}; ${falseAlarms.whole + unscoredClean} clean rows (${leftOutText(left)})`,
    '',
    ...table([
      ['family', 'fault', 'n', 'caught', 'share', '95%', 'by checks', 'unscored', 'missed in'],
      ...kindRows(tally),
    ]),
    '',
    `in all            ${caughtText(tally.kinds)}`,
    `beyond structure  ${caughtText(tally.kinds.filter(({ mutation }) => mutation.family !== 'structure'))}`,
    'Corruptions of clean rows that it turns down are not judged.',
    '',
    'on the clean rows',
    ...alarmTable(tally),
    `turned down  ${shareText(falseAlarms)}`,
    `unscored     ${unscoredClean}`,
    ...(unread.length === 0 ? [] : ['', 'no verdict that can be read, for instance', ...unread]),
    '',
    `${total.requests} answers, ${total.prompt_tokens.toLocaleString('en-US')} prompt and ${total.completion_tokens.toLocaleString('en-US')} completion tokens, ${usd(total.cost_usd + unaccounted_usd)} USD, ${Math.round(total.seconds)} s of the server's time`,
  ];
}

/** A judge's calibration for programs. */
export function judgeJson(
  { setup, prompt }: Judged,
  { kinds, falseAlarms, unscoredClean, alarms, unread }: JudgeTally,
  { state, message, total, unaccounted_usd }: Manifest,
  left: LeftOut,
): unknown {
  return {
    judge: { endpoint: setup.endpoint.name, model: setup.endpoint.model, prompt },
    state,
    message,
    left_out: leftOutJson(left),
    clean_turned_down: falseAlarms,
    clean_unscored: unscoredClean,
    clean_by_rubric: Object.fromEntries(alarms),
    kinds: kinds.map(({ mutation: { family, name }, n, caught, unscored, byChecks, missed }) => {
      const { low, high } = wilson(caught, n);
      return { family, name, n, caught, low, high, by_checks: byChecks, unscored, missed };
    }),
    unscored_examples: unread,
    total: { ...total, unaccounted_usd },
  };
}

function judgeName({ endpoint }: Judged['setup']): string {
  return `judge ${endpoint.name} (${endpoint.model})`;
}

function caughtText(kinds: readonly JudgedKind[]): string {
  const sum = (key: 'n' | 'caught') => kinds.reduce((total, kind) => total + kind[key], 0);
  return shareText(wilson(sum('caught'), sum('n')));
}

function kindRows({ kinds }: JudgeTally): (string | number)[][] {
  return byFamily(kinds).map(
    ({ mutation: { family, name }, n, caught, byChecks, unscored, missed }) => [
      family,
      name,
      n,
      caught,
      ...shareCells(caught, n),
      byChecks,
      unscored,
      missed[0] ?? '',
    ],
  );
}

function alarmTable({ alarms }: JudgeTally): string[] {
  if (alarms.size === 0) return [];
  const rows = [...alarms]
    .sort(([, a], [, b]) => b.rows - a.rows)
    .map(([rubric, { rows: number, example }]) => [rubric, number, clipped(example)]);
  return table([['rubric', 'rows', 'example'], ...rows]);
}
