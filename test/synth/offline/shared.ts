import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../../core/package-root.ts';

interface LabelledRow {
  text: string;
  procedural: boolean | null;
}

const folder = join(packageRoot(), '../shared/corpora');

/** The labelled corpora beside the checkout, by file; undefined where they are not there. */
export function sharedCorpora(): Record<string, LabelledRow[]> | undefined {
  if (!existsSync(folder)) return undefined;
  const files = readdirSync(folder).filter((name) => name.endsWith('.jsonl'));
  return Object.fromEntries(files.map((name) => [name, rowsOf(join(folder, name))]));
}

function rowsOf(file: string): LabelledRow[] {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  // Test data of a known form.
  return lines.map((line) => JSON.parse(line) as LabelledRow);
}
