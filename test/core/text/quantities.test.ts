import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseNumeral, quantitiesIn, sameQuantity } from '../../../core/text/quantities.ts';

function read(text: string): string {
  return quantitiesIn(text)
    .map(({ start, end, value, unit }) => `${text.slice(start, end)}=${value}${unit ?? ''}`)
    .join('; ');
}

describe('quantitiesIn', () => {
  it.each([
    ['1,200.50 and 1.200,50 or 1.200', '1,200.50=1200.5; 1.200,50=1200.5; 1.200=1.2'],
    [
      '$54.04, US$30, EUR 3.50, 12 euros',
      '$54.04=54.04USD; US$30=30USD; EUR 3.50=3.5EUR; 12 euros=12EUR',
    ],
    ['80x180 cm', '80=80cm; 180 cm=180cm'],
    ['3-5 working days', '3=3working_day; 5 working days=5working_day'],
    ['twenty-one days, half a dozen', 'twenty-one days=21day; half a dozen=6'],
    ['two hundred and five; half an hour', 'two hundred and five=205; half an hour=0.5h'],
    [
      '-5 °C, 20C, 10 per cent, 30-minute',
      '-5 °C=-5°C; 20C=20°C; 10 per cent=10%; 30-minute=30min',
    ],
    ['2 million people; 50k; 2 ½ cups', '2 million=2000000; 50k=50000; 2 ½ cups=2.5cup'],
    ['10 in the box, 10 in.', '10=10; 10 in=10in'],
    ['HAT204, card_77, 2024-05-15, 17:30, 1.2.3', ''],
  ])('reads "%s"', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it('tells the noun of a count', () => {
    expect(quantitiesIn('five passengers').map(({ noun }) => noun)).toEqual(['passengers']);
  });

  it('compares in the base unit, and money only within its currency', () => {
    const same = (a: string, b: string): boolean => {
      const [one, other] = [...quantitiesIn(a), ...quantitiesIn(b)];
      return one !== undefined && other !== undefined && sameQuantity(one, other);
    };
    expect(same('90 minutes', '1.5 hours')).toBe(true);
    expect(same('1 m', '100 cm')).toBe(true);
    expect(same('68 °F', '20 °C')).toBe(true);
    expect(same('EUR 5', '$5')).toBe(false);
    expect(same('5 kg', '5 cm')).toBe(false);
  });

  it('reads back any number that it is given', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 10 ** 9 }), (value) => {
        expect(parseNumeral(value.toLocaleString('en-US'))).toBe(value);
        expect(quantitiesIn(`about ${value} of them`)[0]?.value).toBe(value);
      }),
    );
  });

  it('never throws, and its spans lie in the text', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.stringMatching(/^[\d.,:/$%xa-z -]{0,60}$/),
        (a, b) => {
          const text = a + b;
          for (const { start, end } of quantitiesIn(text)) {
            expect(start).toBeLessThan(end);
            expect(end).toBeLessThanOrEqual(text.length);
          }
        },
      ),
    );
  });
});
