import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CommitLog } from '../../../core/run/commit-log.ts';
import { writeManifest } from '../../../core/run/manifest.ts';
import { mergeRuns } from '../../../core/run/merge/merge-runs.ts';
import { SHARDS_FOLDER, type Shard, shardFolder } from '../../../core/run/shard.ts';
import { SharedTarget } from '../../../core/run/shared-target.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { linesOf, manifestOf } from '../commands/jobs.ts';
import { rowsOf, runSynth } from './shard-runs.ts';

describe('a target that shards share', () => {
  it('is reached, and passed by less than one row a shard', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 120 }),
        fc.integer({ min: 1, max: 6 }),
        fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 12 }),
        async (target, shards, rows) => {
          const folder = await temporaryFolder();
          const ends = await Promise.all(
            Array.from({ length: shards }, (_, at) =>
              commitUntilReached(folder, { index: at + 1, count: shards }, target, rows),
            ),
          );
          const sum = ends.reduce((total, accepted) => total + accepted, 0);
          // Rows of nothing but zeros never reach it.
          if (rows.some((count) => count > 0)) expect(sum).toBeGreaterThanOrEqual(target);
          expect(sum).toBeLessThan(target + shards);
        },
      ),
      { numRuns: 15 },
    );
  });

  it('counts what a shard accepted before it was stopped', async () => {
    const folder = await temporaryFolder();
    await commitUntilReached(folder, { index: 1, count: 2 }, 6, [1], 4);
    expect(await commitUntilReached(folder, { index: 2, count: 2 }, 6, [1])).toBe(2);
    expect(await commitUntilReached(folder, { index: 1, count: 2 }, 6, [1])).toBe(4);
  });

  it('ends a run of several shards, and the merge has exactly so many', async () => {
    const run = await temporaryFolder();
    const shards = [1, 2, 3].map((index) => ({ index, count: 3 }));
    const ends = await Promise.all(
      shards.map((shard) => runSynth(run, shard, { config: { target: 20 } })),
    );
    const accepted = ends.reduce((sum, { manifest }) => sum + manifest.funnel.accepted, 0);
    expect(accepted).toBeGreaterThanOrEqual(20);
    expect(accepted).toBeLessThan(23);
    expect(ends.map(({ manifest }) => manifest.message)).toContain('the target of 20 is reached');
    const manifest = await mergeRuns({
      sources: [run],
      folder: run,
      partial: false,
      target: null,
      copyJournals: false,
    });
    expect((await rowsOf(run, 'trajectories.jsonl')).size).toBe(20);
    const passed = ends.reduce(
      (sum, { manifest: { funnel } }) => sum + funnel.accepted + funnel.surplus,
      0,
    );
    expect(manifest.funnel).toMatchObject({ accepted: 20, surplus: passed - 20 });
    expect((await rowsOf(run, 'surplus.jsonl')).size).toBe(passed - 20);
  });

  it('takes surplus rows in where the merge has a higher one', async () => {
    const run = await temporaryFolder();
    const shard = { index: 1, count: 2 };
    for (const index of [1, 2]) await runSynth(run, { ...shard, index }, { config: { target: 5 } });
    await addSurplus(run, shard, 5, 3);
    const job = { sources: [run], folder: run, partial: false, copyJournals: false };
    await mergeRuns({ ...job, target: null });
    expect(await linesOf(run, 'trajectories.jsonl')).toHaveLength(5);
    expect(await linesOf(run, 'surplus.jsonl')).toHaveLength(3);
    await mergeRuns({ ...job, target: 6 });
    expect(await linesOf(run, 'trajectories.jsonl')).toHaveLength(6);
    expect(await linesOf(run, 'surplus.jsonl')).toHaveLength(2);
  });
});

/** Adds rows to a shard that has reached its target. */
async function addSurplus(run: string, shard: Shard, target: number, rows: number): Promise<void> {
  const folder = shardFolder(run, shard);
  const [row] = await linesOf(folder, 'trajectories.jsonl');
  const shared = new SharedTarget(join(run, SHARDS_FOLDER, 'accepted'), shard, target);
  const log = await CommitLog.open(folder, shared);
  const ids = Array.from({ length: rows }, (_, at) => `more-${at}`);
  const accepted = ids.map((id) => ({ ...row, id }));
  const counts = { passages: 1 };
  await log.commit({ id: 'more', outcome: 'done', reason: null, counts, accepted, rejected: [] });
  await log.close();
  await writeManifest(folder, { ...(await manifestOf(folder)), funnel: log.funnel });
}

/** A shard that makes rows as `rows` says, over and over, until the target is reached. Returns how many it accepted. */
async function commitUntilReached(
  run: string,
  shard: Shard,
  target: number,
  rows: readonly number[],
  passages = 1000,
): Promise<number> {
  const folder = shardFolder(run, shard);

  await mkdir(folder, { recursive: true });
  const shared = new SharedTarget(join(run, SHARDS_FOLDER, 'accepted'), shard, target);
  const log = await CommitLog.open(folder, shared);
  const begun = log.funnel.passages;
  for (let at = begun; at < begun + passages && !log.targetReached; at += 1) {
    const accepted = Array.from({ length: rows[at % rows.length] ?? 0 }, () => ({ id: `${at}` }));
    await log.commit({
      id: `passage ${at}`,
      outcome: 'done',
      reason: null,
      counts: { passages: 1 },
      accepted,
      rejected: [],
    });
    await sleep((at * 7 + shard.index * 3) % 3);
  }
  await log.close();
  return log.funnel.accepted;
}
