import { appendFile, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommitLog, type PassageEnd } from '../../../core/run/commit-log.ts';
import { sourcePassages } from '../../../synth/recheck/source-passages.ts';
import { exampleRejections, exampleTrajectories } from '../../core/example-rows.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const [TRAJECTORY] = exampleTrajectories(1);
const [REJECTION] = exampleRejections(1);

interface Shape {
  accepted: number;
  rejected: number;
  outcome: 'done' | 'filtered' | 'failed';
}

function passageEnd(id: string, { accepted, rejected, outcome }: Shape): PassageEnd {
  const rows = outcome === 'done' ? accepted : 0;
  const turnedDown = outcome === 'done' ? rejected : 0;
  return {
    id,
    outcome,
    reason: outcome === 'done' ? null : 'why',
    counts: { passages: 1 },
    accepted: Array.from({ length: rows }, (_, n) => ({ ...TRAJECTORY, id: `${id}/a${n}` })),
    rejected: Array.from({ length: turnedDown }, (_, n) => ({ ...REJECTION, id: `${id}/r${n}` })),
  };
}

/** A run of several sessions, each with its own target; the ids of each passage's rows. */
async function writeRun(folder: string, sessions: { target: number | null; ends: Shape[] }[]) {
  const rows = new Map<string, string[]>();
  let number = 0;
  for (const { target, ends } of sessions) {
    const log = await CommitLog.open(folder, target);
    for (const shape of ends) {
      const end = passageEnd(`p${number}`, shape);
      number += 1;
      await log.commit(end);
      const ids = [...end.accepted, ...end.rejected].map((row) => Object(row).id);
      if (shape.outcome !== 'failed') rows.set(end.id, ids.sort());
    }
    await log.close();
  }
  return rows;
}

async function readRun(folder: string) {
  const rows = new Map<string, string[]>();
  const statuses = new Map<string, string>();
  for await (const { id, rows: own } of sourcePassages(folder)) {
    rows.set(id, own.map(({ row }) => row.id).sort());
    for (const { row, status } of own) statuses.set(row.id, status);
  }
  return { rows, statuses };
}

const shape = fc.record({
  accepted: fc.integer({ min: 0, max: 3 }),
  rejected: fc.integer({ min: 0, max: 2 }),
  outcome: fc.constantFrom('done', 'done', 'done', 'filtered', 'failed'),
});
const session = fc.record({
  target: fc.option(fc.integer({ min: 1, max: 12 })),
  ends: fc.array(shape, { maxLength: 6 }),
});

describe('the passages of a run', () => {
  it('have their own rows, wherever targets of several sessions have put them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(session, { minLength: 1, maxLength: 4 }), async (sessions) => {
        const folder = await temporaryFolder();
        const written = await writeRun(folder, sessions);
        expect((await readRun(folder)).rows).toEqual(written);
      }),
      { numRuns: 60 },
    );
  });

  it('tell how each row stands now: a higher target has taken the last surplus rows in', async () => {
    const folder = await temporaryFolder();
    const ends = [1, 2, 3].map(() => ({ accepted: 1, rejected: 0, outcome: 'done' as const }));
    await writeRun(folder, [
      { target: 1, ends },
      { target: 2, ends: [] },
    ]);
    const { statuses } = await readRun(folder);
    expect([...statuses]).toEqual([
      ['p0/a0', 'accepted'],
      ['p1/a0', 'surplus'],
      ['p2/a0', 'accepted'],
    ]);
  });

  it('leave out what a kill left behind the last passage', async () => {
    const folder = await temporaryFolder();
    const end = { accepted: 1, rejected: 1, outcome: 'done' as const };
    const written = await writeRun(folder, [{ target: null, ends: [end] }]);
    await appendFile(join(folder, 'trajectories.jsonl'), `${JSON.stringify(TRAJECTORY)}\n{"id`);
    await appendFile(join(folder, 'passages.jsonl'), '{"id": "p1", "out');
    expect((await readRun(folder)).rows).toEqual(written);
  });

  it('are refused where rows are missing', async () => {
    const folder = await temporaryFolder();
    await writeRun(folder, [
      { target: null, ends: [{ accepted: 2, rejected: 0, outcome: 'done' }] },
    ]);
    await truncate(join(folder, 'trajectories.jsonl'), 10);
    await expect(readRun(folder)).rejects.toThrow('was the run changed by hand?');
  });
});
