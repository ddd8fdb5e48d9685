import { readRows } from '../../core/run/find-row.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import type { Method } from './method.ts';
import { ROWS } from './row-measures.ts';
import type { RunTable } from './run-table.ts';
import { sharedPassages } from './selection.ts';

/** Two rows of one passage that came through. */
export interface PreferencePair {
  /** The passage's. */
  id: string;
  a: Trajectory;
  b: Trajectory;
}

/**
 * Draws pairs for a judge: of the shared passages in the seeded order the first of which both methods have a row that
 * came through, one row each (the first workflow's; of several seeds the first run's).
 */
export async function drawPairs(
  a: Method,
  b: Method,
  { pairs, seed }: { pairs: number; seed: number },
): Promise<PreferencePair[]> {
  const [ofA, ofB] = [passedPassages(a.runs[0]), passedPassages(b.runs[0])];
  const both = sharedPassages(a, b, seed).ids.filter((id) => ofA.has(id) && ofB.has(id));
  const chosen = new Set(both.slice(0, pairs));
  const rowsA = await rowsOf(a.runs[0], chosen);
  const rowsB = await rowsOf(b.runs[0], chosen);
  return [...chosen].flatMap((id) => {
    const [one, other] = [rowsA.get(id), rowsB.get(id)];
    return one === undefined || other === undefined ? [] : [{ id, a: one, b: other }];
  });
}

function passedPassages(run: RunTable | undefined): Set<string> {
  const passed = new Set<string>();
  for (const [row, passage] of run?.rows.passage.entries() ?? [])
    if (((run?.rows.kinds[row] ?? 0) & ROWS.passed) !== 0)
      passed.add(run?.passages.ids[passage] ?? '');
  return passed;
}

async function rowsOf(
  run: RunTable | undefined,
  chosen: ReadonlySet<string>,
): Promise<Map<string, Trajectory>> {
  const rows = new Map<string, Trajectory>();
  if (run === undefined || chosen.size === 0) return rows;
  for await (const { row } of readRows(run.folder, ['accepted', 'surplus'])) {
    if ('rejected_by' in row || !chosen.has(row.source.id)) continue;
    const known = rows.get(row.source.id);
    const index = row.provenance.workflow_index;
    if (known === undefined || index < known.provenance.workflow_index)
      rows.set(row.source.id, row);
  }
  return rows;
}
