import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';

const ROOT = join(import.meta.dirname, '..', '..');
const BUILT = join(ROOT, 'dist', 'scripts', 'benchmarks');

const ResourceUsage = z.object({
  userCPUTime: z.number(),
  systemCPUTime: z.number(),
  maxRSS: z.number(),
});

/** What one run of a program took, from its start to its end. */
export interface Measurement {
  /** Seconds. */
  wall: number;
  /** Seconds of user and system time. */
  cpu: number;
  /** The highest resident size, MiB. */
  rss: number;
  /** The rows that the program says have an answer. */
  kept: number;
}

/** Translates the sources, so that what is measured is what users run, without a loader in the process. */
export async function build(): Promise<void> {
  const tsc = join(ROOT, 'node_modules', '.bin', 'tsc');
  await execa(tsc, ['-p', 'tsconfig.build.json', '--noCheck', '--declaration', 'false'], {
    cwd: ROOT,
  });
}

/** The command line of a built benchmark program. */
export function commandOf(program: string, args: readonly (string | number)[]): string[] {
  return [join(BUILT, `${program}.js`), ...args.map(String)];
}

/**
 * Runs a built program to its end.
 * @param args are followed by a folder of its own, and that by `more`
 * @throws when it fails, or does not end with a line `{"rows":N}`
 */
export async function measure(
  program: string,
  args: readonly (string | number)[],
  more: readonly string[] = [],
): Promise<Measurement> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    const usage = join(folder, 'usage.json');
    const preload = ['--import', join(BUILT, 'usage-at-exit.js')];
    const argv = [...preload, ...commandOf(program, [...args, folder, ...more])];
    const start = performance.now();
    const { stdout } = await execa(process.execPath, argv, { env: { BENCH_USAGE: usage } });
    const wall = (performance.now() - start) / 1000;
    return { wall, kept: keptOf(stdout), ...(await readUsage(usage)) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** The rows that a program says have an answer, in its last line. */
export function keptOf(stdout: string): number {
  const last: unknown = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
  return z.object({ rows: z.number() }).parse(last).rows;
}

async function readUsage(path: string): Promise<{ cpu: number; rss: number }> {
  const usage = ResourceUsage.parse(JSON.parse(await readFile(path, 'utf8')));
  return { cpu: (usage.userCPUTime + usage.systemCPUTime) / 1e6, rss: usage.maxRSS / 1024 };
}
