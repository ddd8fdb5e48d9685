import type { DatasetManifest } from './dataset-manifest.ts';
import type { Datasheet } from './datasheet.ts';
import { count, table } from './markdown.ts';
import type { DistillRules } from './rules.ts';

/** How rows were chosen: what was left out, the similarities, personal data. */
export function selectionSection({
  manifest,
  datasheet,
  rules,
}: {
  manifest: DatasetManifest;
  datasheet: Datasheet;
  rules: DistillRules;
}): string {
  const { read, kept, dropped } = manifest;
  const rows = Object.entries(dropped)
    .sort(([, a], [, b]) => b - a)
    .map(([code, rows]) => [words(code), count(rows)]);
  const lines = [
    '## Selection',
    `${count(read)} rows were read and ${count(kept)} kept, by the rules in rules.yaml; decisions.jsonl has one line for each row, and for duplicates the row that was kept instead.`,
  ];
  if (rows.length > 0) lines.push(table(['left out for', 'rows'], rows));
  if (datasheet.by_person > 0)
    lines.push(
      `${count(datasheet.by_person)} of the rows kept had been turned down in their run and were taken in by a person's mark.`,
    );
  lines.push(duplicates(rules), personalData(datasheet, rules.personal_data));
  return lines.join('\n\n');
}

/** The similarities from which rows count as one. */
function duplicates({ duplicates: by, splits }: DistillRules): string {
  const at = (threshold: number | null): string =>
    threshold === null ? 'were not compared' : `from ${threshold} on`;
  return [
    `Near duplicates, by the Jaccard similarity that MinHash estimates (runs of ${by.shingle_words} words, ${by.permutations} permutations): passages ${at(by.passage_jaccard)};`,
    `conversations ${at(by.conversation_jaccard)}${by.conversation_jaccard === null ? '' : `, where the tool sets are near too (from ${by.tools_jaccard} on)`}.`,
    `Documents on different sides of a split: passages ${splits.passage_jaccard === null ? 'were not compared' : `below ${splits.passage_jaccard}`}.`,
  ].join(' ');
}

function personalData(
  { personal, personal_rows: rows }: Datasheet,
  { kinds, action }: DistillRules['personal_data'],
): string {
  const looked = `Passages were searched by rules for personal data (${kinds.map(words).join(', ')})`;
  if (kinds.length === 0) return 'Passages were not searched for personal data.';
  if (rows === 0)
    return `${looked}: ${action === 'drop' ? 'no row kept has any' : 'none was found'}.`;
  const found = personal.map(({ name, count: having }) => `${words(name)} in ${count(having)}`);
  const fate =
    action === 'mask'
      ? 'it was replaced by reserved examples'
      : 'it is still there; facts.personal in decisions.jsonl names the rows';
  return `${looked}. ${count(rows)} of the rows kept ${action === 'mask' ? 'had' : 'have'} some (${found.join(', ')}): ${fate}.`;
}

const words = (name: string): string => name.replaceAll('_', ' ');
