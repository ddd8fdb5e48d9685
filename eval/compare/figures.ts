import { usd } from '../../synth/summary.ts';
import type { Difference, MeasureUnit, Verdict } from './comparison.ts';

/** A figure in its unit; `–` where there is none. */
export function figure(value: number | null, unit: MeasureUnit): string {
  if (value === null) return '–';
  if (unit === 'share') return `${fixed(100 * value, 1)}%`;
  if (unit === 'usd') return usd(value);
  if (unit === 'tokens') return Math.round(value).toLocaleString('en-US');
  return fixed(value, Math.abs(value) < 10 ? 2 : 1);
}

/** A difference with its sign; of shares in percentage points. */
export function signed(value: number | null, unit: MeasureUnit): string {
  if (value === null) return '–';
  const text =
    unit === 'share' ? `${fixed(100 * Math.abs(value), 1)} pp` : figure(Math.abs(value), unit);
  if (!/[1-9]/.test(text)) return text;
  return `${value < 0 ? '−' : '+'}${text}`;
}

/** The 95% interval, as `−1.2 to +0.4`. */
export function interval({ low, high, unit }: Pick<Difference, 'low' | 'high' | 'unit'>): string {
  if (low === null || high === null) return '–';
  return `${signed(low, unit)} to ${signed(high, unit)}`;
}

/** The least difference that the sample could show. */
export function detectable({ detectable: least, unit }: Pick<Difference, 'detectable' | 'unit'>) {
  return least === null ? '–' : signed(least, unit).replace('+', '±');
}

const VERDICTS: Record<Verdict, string> = {
  no_difference: 'no difference',
  within_noise: 'within noise',
  higher: 'B higher',
  lower: 'B lower',
  too_few: 'too few passages',
};

/** The verdict in words, and which of the two is the better one where a direction is wanted. */
export function verdictWords({ verdict, better }: Pick<Difference, 'verdict' | 'better'>): string {
  const words = VERDICTS[verdict];
  if (better === null || (verdict !== 'higher' && verdict !== 'lower')) return words;
  return `${words}: ${verdict === better ? 'better' : 'worse'}`;
}

function fixed(value: number, digits: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}
