import { expect, it } from 'vitest';
import type { Hit } from '../../../distill/decontaminate/hit.ts';
import { openBenchmark } from '../../../distill/decontaminate/open-benchmark.ts';
import {
  contaminationOf,
  DecontaminationReport,
  summaryLines,
} from '../../../distill/decontaminate/report.ts';

const run: Hit = {
  benchmark: 'bfcl',
  item: 'base_3/turn0',
  items: 2,
  kind: 'ngram13',
  value: 17,
  drop: true,
  where: 'messages[1]',
  example: 'some words',
};
const tools: Hit = { ...run, kind: 'tools', item: 'TravelAPI', value: 0.6667, where: 'tools' };
const listed: Hit = { ...run, kind: 'ngram8_share', value: 0.1, drop: false };

async function report(): Promise<DecontaminationReport> {
  return new DecontaminationReport([await openBenchmark('bfcl'), await openBenchmark('tau2')]);
}

it('the report has a line for each hit, and counts rows by benchmark and kind', async () => {
  const counted = await report();
  expect(counted.add('r1', [run, tools])).toEqual([
    { row: 'r1', ...run },
    { row: 'r1', ...tools },
  ]);
  counted.add('r2', [run, listed]);
  counted.add('r3', [listed]);
  expect(counted.add('r4', [])).toEqual([]);
  const summary = counted.summary();
  expect(summary).toMatchObject({ rows: 4, dropped: 2 });
  expect(summary.benchmarks[0]).toMatchObject({
    name: 'bfcl',
    version: 'bfcl-eval 2026.3.23',
    licence: 'Apache-2.0',
    dropped: 2,
    kinds: [
      { kind: 'ngram13', rows: 2, dropped: 2, alone: 1 },
      { kind: 'ngram8_share', rows: 2, dropped: 0, alone: 0 },
      { kind: 'tools', rows: 1, dropped: 1, alone: 0 },
      { kind: 'identifiers', rows: 0, dropped: 0, alone: 0 },
      { kind: 'embedding', rows: 0, dropped: 0, alone: 0 },
    ],
  });
  expect(summaryLines(summary)).toEqual([
    'bfcl (bfcl-eval 2026.3.23): 2 of 4 rows dropped; dropped of found: words in a row 2 of 2, share of 8-grams 0 of 2, share of tools 1 of 1',
    'tau2 (a2c0247): 0 of 4 rows dropped',
  ]);
});

it('a dropped row says why in a line, a listed one nothing', () => {
  expect(contaminationOf([run, listed, tools])).toBe(
    'bfcl: words in a row 17 of base_3/turn0 in messages[1]; bfcl: share of tools 0.67 of TravelAPI in tools',
  );
  expect(contaminationOf([listed])).toBeNull();
});
