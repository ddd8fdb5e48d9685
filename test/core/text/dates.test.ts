import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mayBeDate, momentsIn, shiftDate, timeOf } from '../../../core/text/dates.ts';

/** A Wednesday. */
const REFERENCE = '2024-05-15';

function read(text: string): string {
  return momentsIn(text, REFERENCE)
    .map(
      ({ start, end, dates, time }) => `${text.slice(start, end)}=${dates.join('/')}${time ?? ''}`,
    )
    .join('; ');
}

describe('momentsIn', () => {
  it.each([
    ['2026-06-02T17:30:00Z', '2026-06-02T17:30:00Z=2026-06-0217:30:00'],
    ['2 June 2026, June 2', '2 June 2026=2026-06-02; June 2=--06-02'],
    [
      '06/02/2026, 2.6.2026, 13/02/26',
      '06/02/2026=2026-06-02/2026-02-06; 2.6.2026=2026-06-02; 13/02/26=2026-02-13',
    ],
    ['May 17-20, 2024', 'May 17=2024-05-17; 20, 2024=2024-05-20'],
    ['17:30, 5:30 pm, noon', '17:30=17:30; 5:30 pm=17:30; noon=12:00'],
    [
      'tomorrow, in three days, two weeks ago',
      'tomorrow=2024-05-16; in three days=2024-05-18; two weeks ago=2024-05-01',
    ],
    ['next Friday', 'next Friday=2024-05-17/2024-05-24'],
    ['on the 24th, March 1990', 'the 24th=---24; March 1990=1990-03'],
    ['you may, 25:00, 2024-13-01, 31 June 2024', ''],
  ])('reads "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('leaves relative days out when nothing says what day it is', () => {
    expect(momentsIn('tomorrow')).toEqual([]);
  });

  it('holds partial dates against full ones', () => {
    const full = '2024-05-24';
    expect(
      ['--05-24', '---24', '2024-05', '2024-05-24'].map((said) => mayBeDate(said, full)),
    ).toEqual([true, true, true, true]);
    expect(['--05-23', '---04', '2024-06'].some((said) => mayBeDate(said, full))).toBe(false);
    expect(shiftDate('2024-02-28', 1)).toBe('2024-02-29');
    expect(timeOf('5 pm')).toBe('17:00');
  });

  it('never throws, and its spans lie in the text in order', () => {
    const dated = fc.stringMatching(/^(?:May |in | days|next |[\d./: -]|pm|Friday){0,20}$/);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), dated, (a, b) => {
        let last = 0;
        for (const { start, end } of momentsIn(a + b, REFERENCE)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeLessThanOrEqual(a.length + b.length);
          last = end;
        }
      }),
    );
  });
});
