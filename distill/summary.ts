import { table } from '../core/table.ts';
import type { DatasetManifest } from './dataset-manifest.ts';
import { tokenLines } from './token-statistics.ts';

/** What was read, left out and kept, as lines for people. */
export function datasetLines(manifest: DatasetManifest): string[] {
  const dropped = Object.entries(manifest.dropped).sort(([, a], [, b]) => b - a);
  const about = manifest.tokenizer === null ? 'tokens (estimated)' : 'tokens';
  const lines = [
    `${manifest.name}, task ${manifest.task}: ${amount(manifest.read)} rows read, ${amount(manifest.kept)} kept`,
  ];
  if (manifest.offline)
    lines.push('Made by the offline teacher (rules, no model): for trying out, not for training.');
  if (dropped.length > 0)
    lines.push('', ...table([['left out for', 'rows'], ...dropped.map(named)]));
  const splits = manifest.splits.map(({ split, rows, documents, tokens, trained_tokens }) => [
    split,
    rows,
    documents,
    tokens,
    trained_tokens,
  ]);
  if (manifest.tokens !== null)
    lines.push('', 'all rows read:', ...tokenLines(manifest.tokens, manifest.tokenizer === null));
  return [...lines, '', ...table([['split', 'rows', 'documents', about, 'trained'], ...splits])];
}

const named = ([code, rows]: [string, number]): [string, number] => [
  code.replaceAll('_', ' '),
  rows,
];
const amount = (number: number): string => number.toLocaleString('en-US');
