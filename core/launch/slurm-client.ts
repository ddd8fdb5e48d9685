import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { UsageError } from '../errors.ts';
import { sbatchScript } from './sbatch-script.ts';
import type { SlurmJob } from './slurm-job.ts';

/**
 * Writes a job's script into its folder and submits it. Returns its id.
 * @throws UsageError when Slurm is not here, does not answer or refuses the job, with Slurm's own words
 */
export async function submitJob(job: SlurmJob): Promise<{ id: string; script: string }> {
  if (!/^[\w.-]+$/.test(job.name))
    throw new UsageError(`job name ${JSON.stringify(job.name)}: letters, digits, . _ - only`);
  refuseMissingVariables(job);
  await mkdir(job.folder, { recursive: true });
  const script = join(job.folder, `${job.name}.sbatch`);
  await writeFile(script, sbatchScript(job));
  const { ok, output, errors } = await slurm('sbatch', ['--parsable', script]);
  if (ok) {
    // JOB, or JOB;CLUSTER where there are several.
    const id = /^(\d+)(;\S+)?$/m.exec(output)?.[1];
    if (id !== undefined) return { id, script };
  }
  throw new UsageError(
    `Slurm refused the job (${script}):\n${errors || output}\ncheck partition, account, qos and limits in the cluster file`,
  );
}

/**
 * Cancels a job, or one task of an array (`7_2`); one that is over already is no error.
 * @throws UsageError when Slurm does not answer or refuses
 */
export async function cancelJob(id: string): Promise<void> {
  const { ok, errors } = await slurm('scancel', [id]);
  if (!ok && !/Invalid job id/i.test(errors))
    throw new UsageError(`job ${id} could not be cancelled: ${errors}`);
}

/**
 * Runs one of Slurm's commands. What it refuses comes back as text.
 * @throws UsageError when the command is not there; SlurmUnreachable when no controller answers
 */
export async function slurm(
  command: 'sbatch' | 'scancel' | 'scontrol' | 'sacct',
  args: readonly string[],
): Promise<{ ok: boolean; output: string; errors: string }> {
  const result = await execa(command, args, { reject: false, timeout: 120_000, stdin: 'ignore' });
  if (result.code === 'ENOENT')
    throw new UsageError(
      `${command} is not on this machine: --on slurm works where jobs can be submitted, a login node`,
    );
  if (result.timedOut || UNREACHABLE.test(result.stderr))
    throw new SlurmUnreachable(
      `Slurm does not answer; ${command} says: ${result.stderr.trim() || 'nothing in two minutes'}`,
    );
  return { ok: result.exitCode === 0, output: result.stdout, errors: result.stderr.trim() };
}

/** No controller answers; it may come back. */
export class SlurmUnreachable extends UsageError {}

const UNREACHABLE =
  /Unable to contact slurm controller|Connection refused|Unable to establish (?:control machine|configuration source)|Communication connection failure|Socket timed out|Could not establish a configuration source|Zero Bytes were transmitted/i;

function refuseMissingVariables({ cluster, passEnv = [] }: SlurmJob): void {
  const missing = [...cluster.pass_environment, ...passEnv].filter((name) => !process.env[name]);
  if (missing.length === 0) return;
  throw new UsageError(
    `the job is to take over ${missing.join(', ')} from here, and ${missing.length === 1 ? 'it is' : 'they are'} not set`,
  );
}
