import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { CommitLog } from '../../../core/run/commit-log.ts';
import { readManifest, writeManifest } from '../../../core/run/manifest.ts';
import { shardFolder } from '../../../core/run/shard.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { runShards } from './shard-runs.ts';

const FILES = ['trajectories', 'rejected', 'surplus', 'passages', 'journal'];

it('a merge that is killed and started again ends as one that was not', async () => {
  const home = await temporaryFolder();
  const run = join(home, 'run');
  await runShards(run, 2, { config: { limit: 6 } });
  for (const index of [1, 2]) await makeLong(shardFolder(run, { index, count: 2 }));
  const calm = join(home, 'calm');
  expect((await runCommand(['merge', run, '--out', calm])).exitCode).toBe(0);

  const killed = join(home, 'killed');
  const moments = [
    () => existsSync(join(killed, 'merging', 'trajectories.jsonl')),
    () => existsSync(join(killed, 'merging', 'journal.jsonl')),
    () => existsSync(join(killed, 'trajectories.jsonl')),
  ];
  for (const isReached of moments) {
    const merge = startCommand(['merge', run, '--out', killed]);
    let isOver = false;
    void merge.finished.then(() => {
      isOver = true;
    });
    while (!isReached() && !isOver) await sleep(1);
    merge.kill('SIGKILL');
    await merge.finished;
  }
  const last = await runCommand(['merge', run, '--out', killed]);
  expect(last).toMatchObject({ exitCode: 0 });
  for (const name of FILES) {
    const [a, b] = await Promise.all(
      [calm, killed].map((folder) => readFile(join(folder, `${name}.jsonl`))),
    );
    expect(b?.equals(a ?? Buffer.alloc(0))).toBe(true);
  }
  const manifest = await readManifest(killed);
  expect(manifest).toEqual({ ...(await readManifest(calm)), name: 'killed' });
  expect(existsSync(join(killed, 'merging'))).toBe(false);
  expect(existsSync(join(killed, 'lock'))).toBe(false);
}, 240_000);

/** Adds thousands of rows to a run, so that merging it takes a while. */
async function makeLong(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const [line = ''] = (await readFile(join(folder, 'trajectories.jsonl'), 'utf8')).split('\n');
  const row = JSON.parse(line);
  const log = await CommitLog.open(folder, null);
  for (let at = 0; at < 1500; at += 1)
    await log.commit({
      id: `${folder} ${at}`,
      outcome: 'done',
      reason: null,
      counts: { passages: 1, judge_passed: 1 },
      accepted: [{ ...row, id: `${folder} ${at}` }],
      rejected: [],
    });
  await log.close();
  const manifest = await readManifest(folder);
  if (manifest === undefined) throw new Error(`${folder} has no manifest`);
  await writeManifest(folder, { ...manifest, funnel: log.funnel });
}
