import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { slurm as slurmCommand } from '../../../core/launch/slurm-client.ts';
import { type Manifest, readManifest } from '../../../core/run/manifest.ts';
import { shardFolder } from '../../../core/run/shard.ts';
import {
  type ArrayStatus,
  arrayStatus,
  type ShardStatus,
} from '../../../synth/shards/array-status.ts';
import { runCommand } from '../../helpers/command.ts';
import { startSlurmLoopback } from '../../helpers/slurm-loopback.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, linesOf, manifestOf } from '../commands/jobs.ts';
import { rowsOf, runSynth, writeCorpus } from './shard-runs.ts';

const slurm = await startSlurmLoopback();
afterAll(() => slurm.stop());
const name = slurm.skipped === null ? 'on Slurm' : `on Slurm (skipped: ${slurm.skipped})`;

describe.skipIf(slurm.skipped !== null)(name, { timeout: 600_000 }, () => {
  it('an array of shards survives tasks that are put back, and is merged at its end', async () => {
    const home = await temporaryFolder();
    const run = join(home, 'many');
    const input = await longCorpus(join(home, 'corpus.jsonl'));
    const cluster = await loopbackCluster(home);
    const args = ['--input', input, '--offline', '--repair', '0', '--run', run];
    const place = ['--on', 'slurm', '--shards', '3', '--cluster', cluster];
    const submitted = await runCommand(['synth', ...args, ...place]);
    expect(submitted.stderr).toBe('');
    const [, job] = /^job (\d+) runs 3 of 3 shards/.exec(submitted.stdout) ?? [];

    const again = await runCommand(['synth', ...args, ...place]);
    expect(again.stderr).toMatch(/has jobs that are not over \(\d+ \d+\): .*scancel/);
    await until(run, ({ shards }) => shards.slice(1).every(isWorking));
    // As when it is preempted, and as before the time limit; the last task bears the array's own number.
    await execa('scontrol', ['requeue', `${job}_2`]);
    await slurmCommand('scancel', ['--signal=USR1', '--batch', `${job}_3`]);
    const waiting = await until(run, ({ counts }) => counts.requeued === 2);
    expect(waiting.merge?.state).toBe('PENDING');

    const end = await until(run, ({ merged, merge }) => merged !== null && merge?.isOver === true);
    expect(end.shards.map(({ state, task }) => [state, task?.state, task?.restarts])).toEqual([
      ['finished', 'COMPLETED', 0],
      ['finished', 'COMPLETED', 1],
      ['finished', 'COMPLETED', 1],
    ]);
    const { stdout } = await runCommand(['status', run]);
    expect(stdout).toMatch(/^.*many: 3 finished, of 3 shards\n.* of 400 passages; /);
    expect(stdout).toMatch(/^2\/3 +finished .*_2 COMPLETED, start 2/m);
    expect((await manifestOf(shardFolder(run, { index: 2, count: 3 }))).sessions).toBe(2);
    const whole = join(home, 'whole');
    await runSynth(whole, null, { inputs: [input] });
    expect(await rowsOf(run, 'trajectories.jsonl')).toEqual(
      await rowsOf(whole, 'trajectories.jsonl'),
    );
    expect((await manifestOf(run)).funnel).toEqual((await manifestOf(whole)).funnel);
    const log = await readFile(join(run, 'slurm', `many-shards-${job}_3.log`), 'utf8');
    expect(log).toMatch(/time_limit: INT[\s\S]*going back into the queue[\s\S]*start 2/);
    expect((await runCommand(['synth', ...args, ...place])).stderr).toMatch(
      /all 3 shards of .* are finished: gem-traj merge/,
    );
  });

  it('a shard that fails is named, and the same command submits it alone', async () => {
    const home = await temporaryFolder();
    const run = join(home, 'few');
    const cluster = await loopbackCluster(home);
    const args = ['--input', CORPUS, '--offline', '--limit', '9', '--run', run];
    const place = ['--on', 'slurm', '--shards', '2', '--cluster', cluster];
    const second = shardFolder(run, { index: 2, count: 2 });
    // A folder that is no run's: its task fails.
    await execa('mkdir', ['-p', second]);
    await writeFile(join(second, 'notes.txt'), 'mine');
    await runCommand(['synth', ...args, ...place]);
    const failed = await until(run, ({ merge }) => merge?.isOver === true);
    expect(failed.shards.map(({ state }) => state)).toEqual(['finished', 'failed']);
    expect(failed.shards[1]?.message).toMatch(/FAILED; .*few-shards-\d+_2\.log/);
    expect(failed.merge?.state).toBe('FAILED');
    await execa('rm', ['-r', second]);
    const { stdout } = await runCommand(['synth', ...args, ...place]);
    expect(stdout).toMatch(/runs 1 of 2 shards/);
    const end = await until(run, ({ merged }) => merged?.state === 'finished');
    expect(end.shards.map(({ state }) => state)).toEqual(['finished', 'finished']);
    expect(end.merged?.funnel.passages).toBe(9);
  });
});

type Shown = ArrayStatus & { merged: Manifest | null };

const isWorking = ({ state, manifest }: ShardStatus): boolean =>
  state === 'running' && (manifest?.funnel.passages ?? 0) > 0;

/** Of it, 41 s are what Slurm lets a requeued job wait (cred_expire). */
const PATIENCE_MS = 240_000;

/** Looks at a run, as `status` does, until it is as it is waited for. */
async function until(run: string, isReached: (shown: Shown) => boolean): Promise<Shown> {
  const deadline = Date.now() + PATIENCE_MS;
  for (;;) {
    const shown = { ...(await arrayStatus(run)), merged: (await readManifest(run)) ?? null };
    if (isReached(shown)) return shown;
    if (Date.now() > deadline) throw new Error(JSON.stringify(shown, null, 1));
    await sleep(200);
  }
}

async function loopbackCluster(folder: string): Promise<string> {
  const path = join(folder, 'loopback.yaml');
  await writeFile(path, 'partition: low\ncpus_per_node: 1\ntime_limit: "10"\n');
  return path;
}

/** Five times the sample corpus, so that a shard works for half a minute. */
async function longCorpus(path: string): Promise<string> {
  const rows: { text: string }[] = await linesOf(join(CORPUS, '..'), 'corpus.jsonl');
  const more = [1, 2, 3, 4, 5].flatMap((time) =>
    rows.map(({ text }, at) => ({
      id: `${time}-${at}`,
      text: `${text}\n\nNoted in ${2000 + time}.`,
    })),
  );
  return writeCorpus(path, more);
}
