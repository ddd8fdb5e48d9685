import { type Share, wilson } from '../../core/stats/wilson.ts';
import { table } from '../../core/table.ts';
import type { Calibration } from '../check/calibrate/calibration.ts';
import { FAMILIES } from '../check/calibrate/mutation.ts';

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
    `${rows} clean rows with ${calls} calls (left out: ${left.otherHalf} of the other half, ` +
      `${left.defects} with known defects, ${left.unreadable} unreadable)`,
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

function kindRows({ kinds }: Calibration): (string | number)[][] {
  return [...kinds]
    .sort((a, b) => FAMILIES.indexOf(a.mutation.family) - FAMILIES.indexOf(b.mutation.family))
    .map(({ mutation: { family, name }, n, caught, asError, missed }) => {
      const share = wilson(caught, n);
      const shown = n === 0 ? ['no material', ''] : [percent(share.share), interval(share)];
      return [family, name, n, caught, ...shown, asError, missed[0] ?? ''];
    });
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
      example.length > EXAMPLE_LENGTH ? `${example.slice(0, EXAMPLE_LENGTH - 1)}…` : example,
    ]);
}

/** A calibration for programs. */
export function calibrationJson(calibration: Calibration, left: LeftOut): unknown {
  const { rows, calls, rowsFlagged, callsFlagged, kinds, falseAlarms } = calibration;
  return {
    rows,
    calls,
    left_out: { other_half: left.otherHalf, defects: left.defects, unreadable: left.unreadable },
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

function shareText(share: Share): string {
  return `${share.part} of ${share.whole}: ${percent(share.share)} (${interval(share)})`;
}

function interval({ low, high }: Share): string {
  return `${percent(low)} to ${percent(high)}`;
}

function percent(value: number): string {
  return `${(100 * value).toFixed(1)}%`;
}
