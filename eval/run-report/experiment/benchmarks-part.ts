import { DIFFERENCES_TITLE, scoreParts } from '../../benchmarks/score-report.ts';
import type { Block } from '../../compare/block.ts';
import type { Benchmark, ExperimentReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** The checkpoints' scores beside the paper's, one table for what compares. */
export function benchmarksPart({ benchmarks }: ExperimentReport): ExperimentPart[] {
  if (benchmarks.length === 0) return [];
  const scored = benchmarks.flatMap(({ scores }) => (scores === null ? [] : [scores]));
  const { parts, apart } = scoreParts(scored, false);
  const blocks = parts.flatMap(({ tables, differences }): Block[] => [
    ...tables.flatMap(({ title, rows, notes }): Block[] => [
      { kind: 'title', level: 2, text: title },
      { kind: 'table', rows },
      ...notes.map((text) => ({ kind: 'text' as const, text })),
    ]),
    ...(differences.length === 0
      ? []
      : [
          { kind: 'title' as const, level: 3 as const, text: DIFFERENCES_TITLE },
          { kind: 'list' as const, items: differences },
        ]),
  ]);
  const remarks = [...apart, ...benchmarks.flatMap(unfinished)];
  return [
    {
      id: 'benchmarks',
      title: 'Benchmarks',
      blocks: [
        ...(remarks.length === 0 ? [] : [{ kind: 'list' as const, items: remarks }]),
        ...blocks,
      ],
    },
  ];
}

function unfinished({ benchmark, label, state, message, scores, place }: Benchmark): string[] {
  if (state === 'finished') return [];
  const why = message === null ? '' : ` (${message})`;
  const shown = scores === null ? 'it has no scores yet' : 'its scores are of what has an answer';
  return [`${label}, ${benchmark} in ${place}: ${state}${why}; ${shown}.`];
}
