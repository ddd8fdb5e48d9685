import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { pythonEnv } from '../../core/launch/python.ts';
import { packageRoot } from '../../core/package-root.ts';
import { readLossPoints } from '../../train/loss-record.ts';
import { requireTraining, type TrainManifest } from '../../train/manifest.ts';
import {
  type CommandResult,
  type RunningCommand,
  runCommand,
  startCommand,
} from '../helpers/command.ts';

/** Trainers take a quarter of a minute to import, and several times that beside other work. */
const TRAINER_MS = 300_000;

/** So small a model takes six times as long where its threads wait for each other. */
const ONE_THREAD = { OMP_NUM_THREADS: '1' };

/** `gem-traj train ...` in a process of its own, from the repository, where the environments are. */
export async function train(
  args: readonly string[],
  env: Record<string, string> = {},
): Promise<CommandResult> {
  return runCommand(['train', ...args], { ...options(), env: { ...ONE_THREAD, ...env } });
}

/** As train, left running. */
export function startTrain(args: readonly string[]): RunningCommand {
  return startCommand(['train', ...args], options());
}

/** Waits until a training that was started shows a step. */
export async function untilStep(command: RunningCommand, step: number): Promise<void> {
  let isOver = false;
  void command.finished.then(() => {
    isOver = true;
  });
  while (!shownSteps(command).some((shown) => shown >= step)) {
    if (isOver)
      throw new Error(`it ended before step ${step}:\n${command.output().stderr.slice(-3000)}`);
    await sleep(50);
  }
}

/** Makes a trainer's environment, which takes minutes on a fresh machine. */
export async function installTrainer(name: string): Promise<void> {
  await execa(join(packageRoot(), 'scripts', 'python-env'), [name]);
}

/** The tiny model, made once for several trainings. Needs the environment of TRL, whose chat template it gets. */
export async function makeTinyModel(folder: string): Promise<void> {
  const root = packageRoot();
  const script = join(root, 'train', 'python', 'make_tiny_qwen3.py');
  const env = { HF_HUB_OFFLINE: '1', ...ONE_THREAD };
  await execa(await pythonEnv('trl', root), [script, folder], { env });
}

/** What a training left behind. */
export async function leftIn(
  out: string,
): Promise<{ manifest: TrainManifest; steps: number[]; losses: number[] }> {
  const points = await readLossPoints(join(out, 'loss.jsonl'));
  return {
    manifest: await requireTraining(out),
    steps: points.map(({ step }) => step),
    losses: points.flatMap(({ loss }) => (loss === null ? [] : [loss])),
  };
}

/** 1, 2, ..., count. */
export function upTo(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

function options() {
  return { cwd: packageRoot(), timeout: TRAINER_MS, env: ONE_THREAD };
}

function shownSteps(command: RunningCommand): number[] {
  const lines = command.output().stderr.matchAll(/^step (\d+) of/gm);
  return [...lines].map(([, step]) => Number(step));
}
