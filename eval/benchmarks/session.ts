import { mkdir } from 'node:fs/promises';
import { describeError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import { packageVersion } from '../../core/package-root.ts';
import { lockRun } from '../../core/run/lock.ts';
import {
  type BenchmarkManifest,
  beginSession,
  writeBenchmarkManifest,
} from './benchmark-manifest.ts';
import type { HarnessProgress } from './harness-progress.ts';

type Interrupts = ReturnType<typeof watchInterrupts>;
type End = Pick<BenchmarkManifest, 'state' | 'message' | 'versions'>;

/**
 * One session of a benchmark in its folder: locks it, compares the settings with an earlier session's, and keeps the
 * manifest whatever happens. Returns the manifest as it stands at the end.
 * @throws UsageError for a folder in use or of other settings, and what `work` throws
 */
export async function inSession(
  out: string,
  beginning: Pick<BenchmarkManifest, 'benchmark' | 'label' | 'settings' | 'urls'>,
  work: (interrupts: Interrupts) => Promise<End>,
): Promise<BenchmarkManifest> {
  await mkdir(out, { recursive: true });
  const unlock = await lockRun(out);
  const interrupts = watchInterrupts({
    first: 'stopping: what is answered is kept, and the same command goes on from there',
    second: 'ending the harness',
  });
  try {
    const versions = { 'gem-traj': packageVersion() };
    const manifest = await beginSession(out, { ...beginning, versions });
    await writeBenchmarkManifest(out, manifest);
    const started = Date.now();
    const close = async (end: End): Promise<BenchmarkManifest> => {
      const closed = {
        ...manifest,
        ...end,
        versions: { ...manifest.versions, ...end.versions },
        updated_at: new Date().toISOString(),
        seconds: manifest.seconds + (Date.now() - started) / 1000,
      };
      await writeBenchmarkManifest(out, closed);
      return closed;
    };
    try {
      return await close(await work(interrupts));
    } catch (error) {
      await close({ state: 'failed', message: describeError(error), versions: {} });
      throw error;
    }
  } finally {
    interrupts.forget();
    await unlock();
  }
}

/** How a session stands once its harness has ended. */
export function endOf(
  { answered, planned }: { answered: number; planned: number },
  steps: readonly HarnessProgress[],
  wasStopped: boolean,
): Pick<BenchmarkManifest, 'state' | 'message'> {
  const missing = planned - answered;
  if (wasStopped) return { state: 'stopped', message: `${missing} of ${planned} not asked yet` };
  if (missing <= 0) return { state: 'finished', message: null };
  const failure = steps.map(({ lastFailure }) => lastFailure).find((text) => text !== undefined);
  const gaveUp = steps.some(({ givenUp }) => givenUp) ? ', and was given up' : '';
  return {
    state: 'incomplete',
    message: `${missing} of ${planned} have no answer: the endpoint failed${gaveUp}${failure === undefined ? '' : ` (${failure})`}`,
  };
}
