import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { readJsonl } from '../jsonl-read.ts';
import { Rejection, Trajectory } from '../trajectory.ts';
import { PassageLine } from './commit-log.ts';
import { parseLine } from './parse-line.ts';

/** Where a row of a run stands. */
export type RowStatus = 'accepted' | 'rejected' | 'surplus';
export interface FoundRow {
  status: RowStatus;
  row: Trajectory | Rejection;
}

const FILES: [RowStatus, string][] = [
  ['accepted', 'trajectories.jsonl'],
  ['rejected', 'rejected.jsonl'],
  ['surplus', 'surplus.jsonl'],
];

/**
 * All rows of a run, accepted ones first, one at a time. A last line that is being written is left out.
 * @throws UsageError for a line that is no row
 */
export async function* readRows(folder: string, wanted: RowStatus[]): AsyncGenerator<FoundRow> {
  for (const [status, name] of FILES) {
    const path = join(folder, name);
    if (!wanted.includes(status) || !existsSync(path)) continue;
    const schema = status === 'rejected' ? Rejection : Trajectory;
    for await (const line of readJsonl(path, { onTorn: () => {} })) {
      yield { status, row: parseLine(schema, line, path) };
    }
  }
}

/**
 * The row with an id, or with an id that begins so, or the one made from the passage of that id.
 * @throws UsageError where there is none, saying how a passage of that id ended, or the beginning fits several
 */
export async function findRow(folder: string, id: string): Promise<FoundRow> {
  const found: FoundRow[] = [];
  for await (const candidate of readRows(folder, ['accepted', 'rejected', 'surplus'])) {
    if (candidate.row.id === id) return candidate;
    if (candidate.row.id.startsWith(id) || candidate.row.source.id === id) found.push(candidate);
  }
  const [only, ...others] = found;
  if (only !== undefined && others.length === 0) return only;
  const ids = found.slice(0, 5).map(({ row }) => row.id);
  throw new UsageError(
    found.length === 0
      ? `no row of ${folder} has the id ${JSON.stringify(id)}; ${await endOfPassage(folder, id)}`
      : `${JSON.stringify(id)} fits ${found.length} rows of ${folder}: ${ids.join(', ')}${found.length > 5 ? ', ...' : ''}`,
  );
}

async function endOfPassage(folder: string, id: string): Promise<string> {
  const path = join(folder, 'passages.jsonl');
  const lines = existsSync(path) ? readJsonl(path, { onTorn: () => {} }) : [];
  for await (const line of lines) {
    const passage = parseLine(PassageLine, line, path);
    if (passage.id === id)
      return `the passage of that id ended without one: ${passage.outcome}, ${passage.reason ?? 'no candidate'}`;
  }
  return 'ids stand in trajectories.jsonl and rejected.jsonl';
}
