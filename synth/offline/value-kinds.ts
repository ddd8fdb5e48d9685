import type { Random } from './seed.ts';
import { FAMILY_NAMES, GIVEN_NAMES, STREETS, TOWNS } from './words/names.ts';

const two = (value: number): string => String(value).padStart(2, '0');

export function personName(random: Random): string {
  return `${random.pick(GIVEN_NAMES)} ${random.pick(FAMILY_NAMES)}`;
}

export function isoDate(random: Random): string {
  return `2026-${two(random.int(3, 11))}-${two(random.int(1, 28))}`;
}

/** How values of text parameters look, by the parameter's name; the first pattern that fits decides. */
export const NAME_SEEDS: readonly (readonly [RegExp, (random: Random) => string])[] = [
  [
    /(?:^|_)(?:e_?mail)/,
    (random) =>
      `${random.pick(GIVEN_NAMES).toLowerCase()}.${random.pick(FAMILY_NAMES).toLowerCase()}@example.org`,
  ],
  [/(?:^|_)(?:phone|telephone|mobile)/, (random) => `+44 20 7946 0${random.int(100, 999)}`],
  [
    /(?:^|_)(?:computer|device|machine|workstation|laptop|phone|cooker)_name$/,
    (random) => `${random.pick(['desk', 'lab', 'office', 'home'])}-${random.int(11, 98)}`,
  ],
  [
    /(?:^|_)(?:file|document|image|picture)(?:_name)?$/,
    (random) =>
      `${random.pick(['report', 'budget', 'plan', 'minutes', 'survey', 'letter'])}_${random.int(11, 99)}.odt`,
  ],
  [/(?:^|_)(?:city|town|location|destination|origin|place)$/, (random) => random.pick(TOWNS)],
  [/(?:^|_)address$/, (random) => `${random.int(2, 98)} ${random.pick(STREETS)} Street`],
  [/(?:^|_)(?:post_?code|zip)/, (random) => String(random.int(10100, 98900))],
  [/(?:^|_)(?:date|day|birth)(?:$|_)/, isoDate],
  [
    /(?:^|_)time$/,
    (random) => `${two(random.int(8, 17))}:${random.pick(['00', '15', '30', '45'])}`,
  ],
  [/(?:^|_)(?:name|holder|contact|person)$/, personName],
  [
    /(?:^|_)(?:reason|note|comment|text|message|remark)$/,
    (random) =>
      random.pick([
        'moving house',
        'change of plans',
        'illness in the family',
        'new working hours',
      ]),
  ],
  [/(?:^|_)language$/, (random) => random.pick(['English', 'French', 'Spanish', 'German'])],
  [/(?:^|_)colou?r$/, (random) => random.pick(['blue', 'green', 'grey', 'red'])],
];
