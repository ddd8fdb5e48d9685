import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import { isDeepStrictEqual } from 'node:util';
import { UsageError } from '../core/errors.ts';
import { type Checkpoint, listCheckpoints } from './checkpoints.ts';
import type { Dataset } from './dataset.ts';
import { readTrainManifest, type TrainManifest } from './manifest.ts';
import type { Recipe } from './recipe.ts';
import { pathsIn } from './trainers/places.ts';

/** What is to be gone on from. */
export interface Resume {
  before: TrainManifest | null;
  /** null: from the beginning. */
  checkpoint: Checkpoint | null;
  notes: string[];
}

/**
 * Looks at what is in OUT. With `resume` the newest whole checkpoint is taken; without, OUT must be empty, or hold a
 * training that came to an end before its first step was saved.
 * @throws UsageError when OUT holds something else, a training that runs, or one of another recipe or dataset
 */
export async function readResume(
  out: string,
  resume: boolean,
  recipe: Recipe,
  dataset: Dataset,
): Promise<Resume> {
  const before = await readTrainManifest(out);
  if (before === undefined) {
    if (resume) throw new UsageError(`--resume: ${out} holds no training to go on with`);
    refuseOtherThings(out);
    return { before: null, checkpoint: null, notes: [] };
  }
  refuseRunning(out, before);
  const checkpoints = await listCheckpoints(pathsIn(out).checkpoints);
  if (before.steps.done === 0 && checkpoints.length === 0)
    return {
      before,
      checkpoint: null,
      notes: [`no step is saved in ${out}: it starts from the beginning`],
    };
  if (before.state === 'finished')
    throw new UsageError(
      `${out} is finished (${before.steps.done} steps): there is nothing to go on with; take another --out`,
    );
  if (!resume)
    throw new UsageError(
      `${out} holds a training already (${before.state}, ${before.steps.done} steps): --resume goes on with it, or take another --out`,
    );
  refuseChanges(before, recipe, dataset);
  const newest = newestWhole(checkpoints);
  if (newest.checkpoint !== null) refuseOtherLayout(before.recipe, recipe);
  return { before, ...newest };
}

/** The process that a training on this machine runs under; null when it is gone. */
export function runningProcess({ state, place, machine }: TrainManifest): number | null {
  if (state !== 'running' || place.on !== 'local' || machine.host !== hostname()) return null;
  try {
    process.kill(place.pid, 0);
    return isAnothers(place.pid) ? null : place.pid;
  } catch {
    return null;
  }
}

/** After a restart of the machine the number may be another program's. Where there is no /proc, it is believed. */
function isAnothers(pid: number): boolean {
  try {
    return !readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes('train');
  } catch {
    return false;
  }
}

function refuseOtherThings(out: string): void {
  if (!existsSync(out)) return;
  if (!statSync(out).isDirectory()) throw new UsageError(`--out ${out} is a file`);
  const [first] = readdirSync(out);
  if (first !== undefined)
    throw new UsageError(
      `--out ${out} holds other things (${first}): take an empty folder, or one that is not there yet`,
    );
}

function refuseRunning(out: string, before: TrainManifest): void {
  const pid = runningProcess(before);
  if (pid !== null)
    throw new UsageError(`${out} is being trained by process ${pid}: gem-traj train cancel ${out}`);
  if (before.state === 'running' && before.place.on === 'slurm')
    throw new UsageError(
      `${out} is job ${before.place.job}: gem-traj train status ${out} says how it stands, and writes it down where it is over; a job that was preempted goes on by itself`,
    );
  if (before.state === 'running' && before.machine.host !== hostname())
    throw new UsageError(
      `${out} was last trained on ${before.machine.host}, and may be running there: resume it there, or copy it and set its state to stopped`,
    );
}

/** Neither what is learned from these nor the schedule depends on them; refuseOtherLayout looks at some. */
const FREE: readonly string[] = [
  'description',
  'python',
  'nodes',
  'gpus',
  'micro_batch',
  'sharding',
  'attention',
  'activation_checkpointing',
  'fused_loss',
  'logging_steps',
  'save_steps',
  'keep_checkpoints',
  'eval_steps',
];

function refuseChanges(before: TrainManifest, recipe: Recipe, dataset: Dataset): void {
  const old: Record<string, unknown> = before.recipe;
  const now: Record<string, unknown> = recipe;
  const keys = [...new Set([...Object.keys(old), ...Object.keys(now)])];
  const changed = keys.filter(
    (key) => !FREE.includes(key) && !isDeepStrictEqual(old[key], now[key]),
  );
  if (changed.length > 0)
    throw new UsageError(
      `--resume: the recipe is not the one that this training began with: ${changed.map((key) => `${key} was ${JSON.stringify(old[key])} and is ${JSON.stringify(now[key])}`).join('; ')}. Take the old values, or train anew in another --out`,
    );
  if (before.dataset.sha256 !== dataset.sha256)
    throw new UsageError(
      `--resume: ${dataset.folder} is not the dataset that this training began with (${before.dataset.folder}, as it was then). Take that, or train anew in another --out`,
    );
}

function newestWhole(checkpoints: readonly Checkpoint[]): Omit<Resume, 'before'> {
  const whole = checkpoints.find(({ problem }) => problem === null) ?? null;
  const passed = checkpoints.filter(({ step }) => step > (whole?.step ?? 0));
  const notes = passed.map(({ folder, problem }) => `passed over ${folder}: ${problem}`);
  const from =
    whole === null
      ? 'there is no whole checkpoint: it starts from the beginning'
      : `going on from step ${whole.step} (${whole.folder})`;
  return { checkpoint: whole, notes: [...notes, from] };
}

/**
 * How an optimiser's state is saved depends on the sharding: transformers passes over one of another form without a
 * word. DeepSpeed takes only as many parts as it has processes.
 */
function refuseOtherLayout(old: Recipe, now: Recipe): void {
  if (old.sharding !== now.sharding)
    throw new UsageError(
      `--resume: sharding was ${old.sharding} and is ${now.sharding}, and the optimiser's state cannot be read so: --set sharding=${old.sharding}, or train anew in another --out`,
    );
  if (now.sharding === 'zero3' && old.nodes * old.gpus !== now.nodes * now.gpus)
    throw new UsageError(
      `--resume: under zero3 the optimiser's state is for ${old.nodes} x ${old.gpus} GPUs (nodes x gpus), and there are to be ${now.nodes} x ${now.gpus}: take as many as before, or train anew in another --out`,
    );
}
