import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { lockRun } from '../../../core/run/lock.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

afterEach(() => vi.unstubAllEnvs());

/** A lock of another node, touched just now. */
async function lockedElsewhere(held: { job?: string; restarts?: number }): Promise<string> {
  const folder = await temporaryFolder();
  const holder = { pid: 4242, host: 'another-node', since: '2026-01-01T00:00:00.000Z', ...held };
  await writeFile(join(folder, 'lock'), JSON.stringify(holder));
  return folder;
}

it('a job that was put back takes over the lock of its earlier start on another node', async () => {
  vi.stubEnv('SLURM_JOB_ID', '77');
  vi.stubEnv('SLURM_RESTART_COUNT', '1');
  const release = await lockRun(await lockedElsewhere({ job: '77', restarts: 0 }));
  await release();
});

it.each([
  ['another job', { job: '78', restarts: 0 }],
  ['the same start of the job', { job: '77', restarts: 1 }],
  ['no job', {}],
])('the lock of %s holds', async (_whose, held) => {
  vi.stubEnv('SLURM_JOB_ID', '77');
  vi.stubEnv('SLURM_RESTART_COUNT', '1');
  await expect(lockRun(await lockedElsewhere(held))).rejects.toThrow(
    /in use by process 4242 on another-node/,
  );
});
