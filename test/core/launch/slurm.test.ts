import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { afterAll, describe, expect, it } from 'vitest';
import { Cluster } from '../../../core/launch/cluster.ts';
import { lastError } from '../../../core/launch/last-error.ts';
import { cancelJob, submitJob } from '../../../core/launch/slurm-client.ts';
import { jobLog, type SlurmJob } from '../../../core/launch/slurm-job.ts';
import type { JobState } from '../../../core/launch/slurm-parse.ts';
import { followJob, jobStates } from '../../../core/launch/slurm-states.ts';
import { stopJob } from '../../../core/launch/slurm-stop.ts';
import { startSlurmLoopback } from '../../helpers/slurm-loopback.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const slurm = await startSlurmLoopback();
afterAll(() => slurm.stop());
const name = slurm.skipped === null ? 'a real Slurm' : `a real Slurm (skipped: ${slurm.skipped})`;

/** A job that was put back waits for 41 s by Slurm's own rule (cred_expire), a time limit is looked at twice a minute. */
const PATIENCE_MS = 200_000;

describe.skipIf(slurm.skipped !== null)(name, { timeout: 480_000 }, () => {
  it('runs a command on each node, with its words and its place among the nodes', async () => {
    const job = await makeJob({
      nodes: 2,
      command: [
        'bash',
        '-c',
        'echo "$NODE_RANK of $NNODES: $1, $MASTER_ADDR:$MASTER_PORT"',
        'x',
        "it's",
      ],
    });
    const { id, states } = await run(job);
    expect(states.at(-1)).toEqual([
      expect.objectContaining({ id, state: 'COMPLETED', exitCode: 0, nodes: 'node[1-2]' }),
    ]);
    const log = await logOf(job, id);
    expect(log).toMatch(/^0 of 2: it's, \S+:\d+$/m);
    expect(log).toMatch(/^1 of 2: it's, /m);
  });

  it("shows a failing job's own last error", async () => {
    const job = await makeJob({ command: ['python3', '-c', 'import json\njson.loads("{")'] });
    const { id, states } = await run(job);
    expect(states.at(-1)).toEqual([
      expect.objectContaining({ state: 'FAILED', exitCode: 1, reason: 'NonZeroExitCode' }),
    ]);
    expect(lastError(await logOf(job, id))).toMatch(
      /^Traceback [\s\S]*JSONDecodeError: Expecting property/,
    );
  });

  it('runs the tasks of an array, each with a state of its own', async () => {
    const job = await makeJob({
      array: { tasks: 3, atOnce: 2 },
      command: ['bash', '-c', '[ "$SLURM_ARRAY_TASK_ID" -ne 1 ]'],
    });
    const { id, states } = await run(job);
    const ends = states
      .at(-1)
      ?.map((state) => [state.id, state.state])
      .sort();
    expect(ends).toEqual([
      [`${id}_0`, 'COMPLETED'],
      [`${id}_1`, 'FAILED'],
      [`${id}_2`, 'COMPLETED'],
    ]);
    expect(await readFile(join(job.folder, `job-${id}_1.ended`), 'utf8')).toBe('1\n');
  });

  it('lets a job that is stopped save, and one that depends on it never starts', async () => {
    const job = await makeJob({ command: saving('exit 9') });
    const { id } = await submitJob(job);
    const after = await makeJob({ command: ['true'], dependency: { type: 'afterok', jobs: [id] } });
    const { id: waiting } = await submitJob(after);
    await untilLogged(job, id, 'working');
    expect(await stopJob(id, job)).toEqual([
      expect.objectContaining({ state: 'FAILED', exitCode: 9, isOver: true }),
    ]);
    expect(existsSync(join(job.folder, 'saved'))).toBe(true);
    await untilReason(waiting, after, 'DependencyNeverSatisfied');
    expect((await stopJob(waiting, after))[0]?.state).toBe('CANCELLED');
  });

  it('cancels a job that does not listen', async () => {
    const job = await makeJob({
      command: ['bash', '-c', 'trap "" INT TERM; echo working; while :; do sleep 0.1; done'],
    });
    const { id } = await submitJob(job);
    await untilLogged(job, id, 'working');
    expect((await stopJob(id, job, 2000))[0]?.state).toBe('CANCELLED');
    // One that is over, or was never there, is no error.
    await cancelJob(id);
    await cancelJob('999999');
  });

  it('puts a preempted job back into the queue, and it starts again', async () => {
    const job = await makeJob({
      nodes: 2,
      cluster: cluster({ cpus_per_node: 4 }),
      command: [
        'bash',
        '-c',
        'if [ "${SLURM_RESTART_COUNT:-0}" -gt 0 ]; then echo resumed; else echo working; sleep 600; fi',
      ],
    });
    const { id } = await submitJob(job);
    await untilLogged(job, id, 'working');
    const urgent = await makeJob({
      cluster: cluster({ partition: 'high', cpus_per_node: 4 }),
      nodes: 2,
      command: ['true'],
    });
    expect((await run(urgent)).states.at(-1)?.[0]?.state).toBe('COMPLETED');
    const states = await followed(id, job);
    expect(states.at(-1)).toEqual([expect.objectContaining({ state: 'COMPLETED', restarts: 1 })]);
    expect(await logOf(job, id)).toMatch(/working\n[\s\S]*start 2\nresumed\n/);
  });

  it('asks a job to save before the time limit, and lets it go on later', async () => {
    const job = await makeJob({
      cluster: cluster({ time_limit: '1', signal_before_s: 50 }),
      requeueAtTimeLimit: true,
      command: saving('exit 1', 'if [ -e saved ]; then echo resumed; exit 0; fi'),
    });
    const { id } = await submitJob(job);
    await untilLogged(job, id, 'going back into the queue');
    const states = await followed(id, job);
    expect(states.at(-1)).toEqual([expect.objectContaining({ state: 'COMPLETED', restarts: 1 })]);
    expect(await logOf(job, id)).toMatch(/time_limit: INT to the command[\s\S]*start 2\nresumed\n/);
  });

  it('refuses a job with its own words', async () => {
    const job = await makeJob({ command: ['true'], cluster: cluster({ partition: 'nowhere' }) });
    await expect(submitJob(job)).rejects.toThrow(
      /Slurm refused the job [\s\S]*invalid partition specified: nowhere[\s\S]*check partition, account/,
    );
    const key = await makeJob({ command: ['true'], passEnv: ['GEM_TRAJ_NOT_SET'] });
    await expect(submitJob(key)).rejects.toThrow(
      'take over GEM_TRAJ_NOT_SET from here, and it is not set',
    );
  });

  it('has jobs that nobody knows', async () => {
    const job = await makeJob({ command: ['true'] });
    await expect(jobStates('999999', job)).rejects.toThrow(/does not know job 999999/);
    await writeFile(join(job.folder, 'job-999999_0.ended'), '0\n');
    await writeFile(join(job.folder, 'job-999999_1.ended'), '2\n');
    const remembered = await jobStates('999999', job);
    expect(remembered.map(({ id, state, exitCode }) => [id, state, exitCode])).toEqual([
      ['999999_0', 'COMPLETED', 0],
      ['999999_1', 'FAILED', 2],
    ]);
  });
});

function cluster(over: Partial<Cluster> = {}): Cluster {
  return { ...Cluster.parse({ partition: 'low', cpus_per_node: 1, time_limit: '10' }), ...over };
}

async function makeJob(over: Partial<SlurmJob> & Pick<SlurmJob, 'command'>): Promise<SlurmJob> {
  const folder = await temporaryFolder();
  return { name: 'job', cluster: cluster(), folder, cwd: folder, ...over };
}

/** A command that works until it is interrupted and then saves. */
function saving(end: string, first = ''): string[] {
  const script = `${first}; trap 'echo yes >saved; ${end}' INT; echo working; while :; do sleep 0.1; done`;
  return ['bash', '-c', script.replace(/^; /, '')];
}

async function run(job: SlurmJob): Promise<{ id: string; states: JobState[][] }> {
  const { id } = await submitJob(job);
  return { id, states: await followed(id, job) };
}

/** How a job goes on to its end. @throws when it does not come, with what Slurm says of the job */
async function followed(id: string, job: SlurmJob): Promise<JobState[][]> {
  const seen: JobState[][] = [];
  const deadline = Date.now() + PATIENCE_MS;
  for await (const states of followJob(id, job, { everyMs: 300 })) {
    seen.push(states);
    if (Date.now() > deadline) throw new Error(await described(id, job));
  }
  return seen;
}

function logOf(job: SlurmJob, id: string): Promise<string> {
  return readFile(join(job.folder, jobLog(job.name, id)), 'utf8');
}

async function untilLogged(job: SlurmJob, id: string, text: string): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  while (!(await logOf(job, id).catch(() => '')).includes(text)) {
    if (Date.now() > deadline) throw new Error(`no ${text}: ${await described(id, job)}`);
    await sleep(100);
  }
}

async function described(id: string, job: SlurmJob): Promise<string> {
  const { stdout } = await execa('scontrol', ['show', 'job', id], { reject: false });
  return `${stdout}\n${await logOf(job, id).catch(() => 'no log')}`;
}

async function untilReason(id: string, job: SlurmJob, reason: string): Promise<void> {
  while ((await jobStates(id, job))[0]?.reason !== reason) await sleep(300);
}
