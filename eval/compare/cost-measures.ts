import { CANDIDATES, PASSAGES, PASSED, passages, type RatioMeasure } from './measure.ts';

const USES: [string, string, RatioMeasure['unit'], RatioMeasure['needs']][] = [
  ['tokens', 'tokens', 'tokens', 'costs'],
  ['completion_tokens', 'completion tokens', 'tokens', 'costs'],
  ['usd', 'USD', 'usd', 'prices'],
  ['seconds', 'seconds of requests', 'seconds', 'costs'],
  ['gpu_seconds', 'GPU-seconds', 'seconds', 'gpus'],
];

/** What passages, candidates and accepted rows take. */
export const COST: RatioMeasure[] = USES.flatMap(([column, title, unit, needs]) =>
  [
    ['candidate', CANDIDATES] as const,
    ['accepted', PASSED] as const,
    ['passage', PASSAGES] as const,
  ].map(([per, denominator]) => ({
    group: 'cost' as const,
    name: `${column}_per_${per}`,
    title: `${title}, per ${per === 'accepted' ? 'accepted row' : per}`,
    unit,
    better: 'lower' as const,
    numerator: passages(column),
    denominator,
    ...(needs === undefined ? {} : { needs }),
  })),
);

/** What as many rows cost. */
export const TOKENS_FOR_ROWS: RatioMeasure = {
  group: 'cost',
  name: 'tokens_for_rows',
  title: 'tokens for as many accepted rows',
  unit: 'tokens',
  better: 'lower',
  numerator: passages('tokens'),
  denominator: PASSED,
};

/** What as many tokens buy. */
export const ROWS_FOR_TOKENS: RatioMeasure = {
  group: 'yield',
  name: 'rows_for_tokens',
  title: 'accepted rows for as many tokens',
  unit: 'number',
  better: 'higher',
  numerator: PASSED,
  denominator: passages('tokens'),
};
