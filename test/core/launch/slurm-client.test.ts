import { chmod, readFile, writeFile } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Cluster } from '../../../core/launch/cluster.ts';
import { submitJob } from '../../../core/launch/slurm-client.ts';
import { startSlurmServer } from '../../../core/launch/slurm-server.ts';
import { followJob, jobStates } from '../../../core/launch/slurm-states.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const PATH = process.env.PATH ?? '';
afterEach(() => {
  vi.unstubAllEnvs();
});

/** What a real Slurm cannot be made to say in a test: commands that print what it would. */
async function pretend(commands: Record<string, string>): Promise<string> {
  const folder = await temporaryFolder();
  for (const [name, script] of Object.entries(commands)) {
    await writeFile(join(folder, name), `#!/bin/bash\n${script}\n`);
    await chmod(join(folder, name), 0o755);
  }
  vi.stubEnv('PATH', `${folder}${delimiter}${PATH}`);
  return folder;
}

const GONE = 'echo "slurm_load_jobs error: Invalid job id specified" >&2; exit 1';
const SILENT =
  'echo "slurm_load_jobs error: Unable to contact slurm controller (connect failure)" >&2; exit 1';

describe('without a Slurm that answers', () => {
  it('nothing is submitted where there is no sbatch', async () => {
    vi.stubEnv('PATH', await temporaryFolder());
    await expect(submitJob(await job())).rejects.toThrow(
      'sbatch is not on this machine: --on slurm works where jobs can be submitted, a login node',
    );
  });

  it('its own words are shown', async () => {
    await pretend({ sbatch: SILENT });
    await expect(submitJob(await job())).rejects.toThrow(
      /^Slurm does not answer; sbatch says: slurm_load_jobs error: Unable to contact slurm controller/,
    );
  });

  it('a job is followed until it answers again, or patience ends', async () => {
    const done = 'echo "JobId=7 JobState=COMPLETED Reason=None ExitCode=0:0"';
    const folder = await pretend({
      scontrol: `if [ -e "$0.tried" ]; then ${done}; else touch "$0.tried"; ${SILENT}; fi`,
    });
    const place = { name: 'job', folder };
    const seen = [];
    for await (const states of followJob('7', place, { everyMs: 1 })) seen.push(states[0]?.state);
    expect(seen).toEqual(['COMPLETED']);
    await pretend({ scontrol: SILENT });
    const never = followJob('7', place, { everyMs: 2, patienceMs: 5 });
    await expect(never.next()).rejects.toThrow(/Slurm does not answer; scontrol says/);
  });
});

describe('a job that the controller has forgotten', () => {
  it('is looked up in the accounting', async () => {
    const folder = await pretend({
      scontrol: GONE,
      sacct: 'echo "7|TIMEOUT|0:0|00:30:00|00:30:00|node1"',
    });
    expect(await jobStates('7', { name: 'job', folder })).toEqual([
      expect.objectContaining({ id: '7', state: 'TIMEOUT', isOver: true, nodes: 'node1' }),
    ]);
  });

  it('is known by its mark where there is no accounting', async () => {
    const folder = await pretend({
      scontrol: GONE,
      sacct: 'echo "Slurm accounting storage is disabled" >&2; exit 1',
    });
    await writeFile(join(folder, 'job-7.ended'), '3\n');
    await writeFile(join(folder, 'job-71.ended'), '0\n');
    expect(await jobStates('7', { name: 'job', folder })).toEqual([
      expect.objectContaining({ id: '7', state: 'FAILED', exitCode: 3, isOver: true }),
    ]);
  });
});

describe('a server whose job Slurm no longer tells of', () => {
  const BROKEN = 'echo "slurm_load_jobs error: Access/permission denied" >&2; exit 1';

  it('is cancelled', async () => {
    const folder = await pretend({
      sbatch: 'echo 7',
      // Only what is asked second is answered.
      scontrol: `if [ -e "$0.over" ]; then echo "JobId=7 JobState=CANCELLED Reason=None ExitCode=0:15"
elif [ -e "$0.asked" ]; then echo "JobId=7 JobState=PENDING Reason=Priority ExitCode=0:0"
else touch "$0.asked"; ${BROKEN}; fi`,
      scancel: 'echo "$@" >>"$0.args"; touch "${0%/*}/scontrol.over"',
    });
    await expect(started()).rejects.toThrow('job 7: Slurm says: slurm_load_jobs error: Access');
    expect(await readFile(join(folder, 'scancel.args'), 'utf8')).toBe('7\n');
  });

  it('is named, with the way to end it, where it cannot be cancelled', async () => {
    await pretend({ sbatch: 'echo 7', scontrol: BROKEN, scancel: BROKEN });
    await expect(started()).rejects.toThrow(
      /^job 7: Slurm says: .*\njob 7 could not be stopped, and may wait or run: scancel 7 ends it \(job 7: Slurm says/,
    );
  });

  async function started() {
    const { signal: stopping } = new AbortController();
    return startSlurmServer(await job(), { stopping, onState: () => {}, onLine: () => {} });
  }
});

async function job() {
  const folder = await temporaryFolder();
  return { name: 'job', cluster: Cluster.parse({}), folder, cwd: folder, command: ['true'] };
}
