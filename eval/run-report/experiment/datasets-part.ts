import type { Block } from '../../compare/block.ts';
import { count, share, words } from '../words.ts';
import type { Dataset } from './dataset.ts';
import type { ExperimentReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** What was distilled: rows, tokens, and why rows were left out. */
export function datasetsPart({ datasets }: ExperimentReport): ExperimentPart[] {
  if (datasets.length === 0) return [];
  return [
    {
      id: 'datasets',
      title: datasets.length === 1 ? 'Dataset' : 'Datasets',
      blocks: datasets.flatMap(datasetBlocks),
    },
  ];
}

function datasetBlocks(dataset: Dataset): Block[] {
  const { name, place, task, read, kept, splits, decontamination } = dataset;
  const rows = splits.map((split) => [
    split.split,
    ...[split.rows, split.documents, split.tokens, split.trained_tokens].map(count),
  ]);
  return [
    { kind: 'title', level: 2, text: `${name}: ${count(kept)} of ${count(read)} rows kept` },
    { kind: 'text', text: [`Folder ${place}. Task ${task}`, ...originWords(dataset)].join('. ') },
    { kind: 'table', rows: [['split', 'rows', 'documents', 'tokens', 'trained on'], ...rows] },
    ...droppedTable(dataset),
    ...(decontamination.length === 0
      ? [{ kind: 'text' as const, text: 'Not held against any benchmark.' }]
      : [{ kind: 'list' as const, items: decontamination.map((line) => `Benchmarks: ${line}`) }]),
  ];
}

function originWords({ sources, trainers, tokenizer, state }: Dataset): string[] {
  const from = sources.map(({ name, method, kept }) => `${name} (${method}, ${count(kept)} rows)`);
  return [
    `from ${from.join(', ')}`,
    `written for ${trainers.join(', ')}`,
    tokenizer === null ? 'tokens are estimated' : `tokens as ${tokenizer.name} counts them`,
    ...(state === 'writing' ? ['NOT WHOLE: distill was stopped, run it again'] : []),
  ].map((text) => text.charAt(0).toUpperCase() + text.slice(1));
}

const decisionsOf = ({ dropped, kept }: Dataset) =>
  [
    { name: 'kept', count: kept },
    ...Object.entries(dropped).map(([name, rows]) => ({ name, count: rows })),
  ].sort((a, b) => b.count - a.count);

function droppedTable(dataset: Dataset): Block[] {
  const rows = decisionsOf(dataset).map(({ name, count: rows }) => [
    words(name),
    count(rows),
    share(rows, dataset.read),
  ]);
  return [{ kind: 'table', rows: [['decision', 'rows', 'of those read'], ...rows] }];
}
