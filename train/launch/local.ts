import { statSync } from 'node:fs';
import { UsageError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import { followFile } from '../../core/launch/follow-file.ts';
import { type LaunchedProcess, launch } from '../../core/launch/process.ts';
import { terminal } from '../../core/terminal.ts';
import type { TrainManifest } from '../manifest.ts';
import { pathsIn } from '../trainers/places.ts';
import type { Training } from '../training.ts';
import { beginTraining, tokensPerStep } from './begin.ts';
import { afterwards, closeTraining } from './close.ts';
import { outcomeOf } from './outcome.ts';
import { prepareOut } from './prepare.ts';
import { progressText } from './progress-text.ts';
import { Tracker } from './tracker.ts';

/** Saving an 8B model with its optimiser to a slow disk takes minutes. */
const SAVING = { interruptMs: 900_000, terminateMs: 10_000 };
const AT_ONCE = { interruptMs: 0, terminateMs: 5_000 };

/**
 * Trains on this machine until all steps are done. The first Ctrl-C lets the trainer save and stop, the second ends it;
 * the exit code is 130 then.
 * @throws UsageError with the trainer's own last error when it fails, be it while it saves after a Ctrl-C
 */
export async function trainLocally(training: Training): Promise<void> {
  const { out } = training.place;
  const { log } = pathsIn(out);
  const { manifest, tracker, starts, trainer } = await beginTraining(training, (manifest) =>
    start(training, manifest),
  );
  terminal.note(`training (${training.plan.trainer}, process ${trainer.pid}); its log: ${log}`);
  const interrupts = watchInterrupts({
    first: 'stopping: the trainer saves after the step it is at (again to end it at once)',
    second: 'ending the trainer',
  });
  try {
    stopOn(interrupts, trainer);
    const over = new AbortController();
    const watching = watch(training, tracker, starts, over.signal);
    const ending = await trainer.ended;
    over.abort();
    await watching;
    const outcome = outcomeOf(ending, {
      isFinished: tracker.isFinished(),
      isHurried: interrupts.aborting.aborted,
      log,
    });
    const closed = await closeTraining(out, manifest, tracker, outcome);
    report(training, closed, interrupts.stopping.aborted);
  } finally {
    interrupts.forget();
  }
}

/** What an earlier start wrote stands in the files already: reading begins at `starts`. */
async function start(training: Training, manifest: TrainManifest) {
  const { plan, place } = training;
  const { log, progress } = pathsIn(place.out);
  await prepareOut(training);
  const tracker = await Tracker.open(place.out, {
    title: `${training.name}, ${plan.trainer}`,
    tokensPerStep: tokensPerStep(training),
    fromStep: training.fromStep,
  });
  const starts = { own: sizeOf(plan.progress.path), moments: sizeOf(progress) };
  const argv = plan.argv.map(asWord);
  const trainer = await launch({ argv, env: plan.env, log, cwd: place.out });
  return { manifest, tracker, starts, trainer };
}

function stopOn(
  { stopping, aborting }: { stopping: AbortSignal; aborting: AbortSignal },
  trainer: LaunchedProcess,
): void {
  const once = { once: true };
  const stop = (grace: typeof SAVING) => void trainer.stop(grace);
  if (stopping.aborted) stop(SAVING);
  else stopping.addEventListener('abort', () => stop(SAVING), once);
  if (aborting.aborted) stop(AT_ONCE);
  else aborting.addEventListener('abort', () => stop(AT_ONCE), once);
}

/** Follows the trainer's own file, and run_trainer.py's, which tells times and the end. */
async function watch(
  training: Training,
  tracker: Tracker,
  starts: { own: number; moments: number },
  over: AbortSignal,
): Promise<void> {
  const { plan, place, asJson } = training;
  const { progress } = pathsIn(place.out);
  let written = 0;
  const own = async () => {
    for await (const line of followFile(plan.progress.path, over, starts.own)) {
      if (!tracker.add(plan.progress.form, line)) continue;
      const seen = tracker.seen();
      if (asJson) terminal.print(JSON.stringify({ event: 'progress', ...seen }));
      else terminal.live(() => progressText(seen));
      if (Date.now() - written < 5_000) continue;
      written = Date.now();
      await tracker.write();
    }
  };
  const moments = async () => {
    if (plan.progress.form === 'callback') return;
    for await (const line of followFile(progress, over, starts.moments)) tracker.addMoment(line);
  };
  await Promise.all([own(), moments()]);
  terminal.settle();
}

function report({ place, asJson }: Training, closed: TrainManifest, wasAsked: boolean): void {
  if (closed.state === 'failed') throw new UsageError(closed.error ?? 'the training failed');
  if (asJson) terminal.print(JSON.stringify({ event: 'end', ...closed }));
  else terminal.print(afterwards(place.out, closed));
  if (closed.state === 'stopped' && wasAsked) process.exitCode = 130;
}

function asWord(word: Training['plan']['argv'][number]): string {
  if (typeof word === 'string') return word;
  throw new UsageError('several nodes need --on slurm');
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
