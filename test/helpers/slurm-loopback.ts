import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot } from '../../core/package-root.ts';

const SCRIPT = join(packageRoot(), 'scripts', 'slurm-loopback');
/** What the script exits with where it cannot run at all. */
const CANNOT_RUN_HERE = 3;

/** A real Slurm for this process, or why there is none. */
export interface SlurmLoopback {
  /** null: it runs, and SLURM_CONF is set. */
  skipped: string | null;
  stop(): Promise<void>;
}

/** Starts a Slurm of this test process's own. In CI a machine on which it cannot run is an error. */
export async function startSlurmLoopback(): Promise<SlurmLoopback> {
  const folder = join(tmpdir(), `gem-traj-slurm-${process.pid}`);
  const port = 30_000 + (process.pid % 3000) * 10;
  const env = { GEM_TRAJ_SLURM: folder, GEM_TRAJ_SLURM_PORT: String(port) };
  const { exitCode, stderr, stdout } = await execa(SCRIPT, ['start'], { env, reject: false });
  if (exitCode === CANNOT_RUN_HERE && !process.env.CI && !process.env.GEM_TRAJ_SYSTEM)
    return { skipped: stderr.split('\n').at(-1) ?? 'no Slurm', stop: async () => {} };
  if (exitCode !== 0) throw new Error(`scripts/slurm-loopback start:\n${stderr}`);
  process.env.SLURM_CONF = stdout.split('SLURM_CONF=')[1] ?? '';
  const stop = async () => {
    await execa(SCRIPT, ['stop'], { env });
  };
  return { skipped: null, stop };
}
