import { type Share, wilson } from '../../core/stats/wilson.ts';
import { table } from '../../core/table.ts';
import type { Calibration } from '../check/calibrate/calibration.ts';
import { FAMILIES, type Mutation } from '../check/calibrate/mutation.ts';

/** Rows that were not used: of the other half, with known defects, not to be read. */
export interface LeftOut {
  otherHalf: number;
  defects: number;
  unreadable: number;
}

const EXAMPLE_LENGTH = 110;

/** A calibration for people: kinds by family, then the false alarms. */
export function calibrationLines(calibration: Calibration, left: LeftOut): string[] {
  const { rows, calls, rowsFlagged, callsFlagged } = calibration;
  return [
    `${rows} clean rows with ${calls} calls (${leftOutText(left)})`,
    '',
    ...table([
      ['family', 'fault', 'n', 'caught', 'share', '95%', 'as error', 'missed in'],
      ...kindRows(calibration),
    ]),
    '',
    'on the clean rows',
    ...table([['severity', 'code', 'findings', 'rows', 'example'], ...alarmRows(calibration)]),
    '',
    `rows with an error   ${shareText(rowsFlagged)}`,
    `calls with an error  ${shareText(callsFlagged)}`,
  ];
}

/** What was not used, in words. */
export function leftOutText({ otherHalf, defects, unreadable }: LeftOut): string {
  return `left out: ${otherHalf} of the other half, ${defects} with known defects, ${unreadable} unreadable`;
}

/** What was not used, for programs. */
export function leftOutJson({ otherHalf, defects, unreadable }: LeftOut): unknown {
  return { other_half: otherHalf, defects, unreadable };
}

/** Kinds of faults in the order of the families. */
export function byFamily<Kind extends { mutation: Mutation }>(kinds: readonly Kind[]): Kind[] {
  const place = ({ mutation }: Kind): number => FAMILIES.indexOf(mutation.family);
  return [...kinds].sort((a, b) => place(a) - place(b));
}

/** A share and its interval as two cells. */
export function shareCells(part: number, whole: number): [string, string] {
  const share = wilson(part, whole);
  return whole === 0 ? ['no material', ''] : [percent(share.share), interval(share)];
}

function kindRows({ kinds }: Calibration): (string | number)[][] {
  return byFamily(kinds).map(({ mutation: { family, name }, n, caught, asError, missed }) => [
    family,
    name,
    n,
    caught,
    ...shareCells(caught, n),
    asError,
    missed[0] ?? '',
  ]);
}

function alarmRows({ falseAlarms }: Calibration): (string | number)[][] {
  return [...falseAlarms]
    .map(([key, { findings, rows, example }]) => {
      const [severity = '', code = ''] = key.split(' ');
      return { severity, code, findings, rows, example };
    })
    .sort((a, b) => (a.severity < b.severity ? -1 : a.severity > b.severity ? 1 : b.rows - a.rows))
    .map(({ severity, code, findings, rows, example }) => [
      severity,
      code,
      findings,
      rows,
      clipped(example),
    ]);
}

/** An example short enough for a table. */
export function clipped(example: string): string {
  return example.length > EXAMPLE_LENGTH ? `${example.slice(0, EXAMPLE_LENGTH - 1)}…` : example;
}

/** A calibration for programs. */
export function calibrationJson(calibration: Calibration, left: LeftOut): unknown {
  const { rows, calls, rowsFlagged, callsFlagged, kinds, falseAlarms } = calibration;
  return {
    rows,
    calls,
    left_out: leftOutJson(left),
    kinds: kinds.map(({ mutation: { family, name, codes }, n, caught, asError, missed }) => {
      const { low, high } = wilson(caught, n);
      return { family, name, codes, n, caught, as_error: asError, low, high, missed };
    }),
    false_alarms: [...falseAlarms].map(([key, count]) => {
      const [severity, code] = key.split(' ');
      return { severity, code, ...count };
    }),
    rows_with_error: rowsFlagged,
    calls_with_error: callsFlagged,
  };
}

/** A share with its numbers and its interval. */
export function shareText(share: Share): string {
  return `${share.part} of ${share.whole}: ${percent(share.share)} (${interval(share)})`;
}

function interval({ low, high }: Share): string {
  return `${percent(low)} to ${percent(high)}`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}
