import { UsageError } from '../../core/errors.ts';
import type { Cluster } from '../../core/launch/cluster.ts';
import { batchArithmetic } from '../batch.ts';
import type { Dataset } from '../dataset.ts';
import type { Recipe } from '../recipe.ts';
import type { Place } from '../trainers/plan.ts';
import { checkDisk } from './disk.ts';
import { estimateHours, workOf } from './duration.ts';
import { type Finding, finding, gigabytes, joined } from './finding.ts';
import { findHardware, type Hardware } from './hardware.ts';
import { estimateMemory, memoryLines } from './memory.ts';
import { type ModelShape, readModelShape } from './model-shape.ts';
import { checkVersions, findVersions } from './versions.ts';

/** What is known before a training starts. */
export interface Preflight extends Finding {
  versions: Record<string, string>;
}

/** Looks at everything that can be looked at before a GPU is touched: trainer, data, memory, disk, time. */
export async function preflight(
  recipe: Recipe,
  dataset: Dataset,
  place: Place,
  cluster: Cluster | null,
): Promise<Preflight> {
  const shape = await readModelShape(recipe, place.model);
  const hardware = await findHardware(recipe, cluster);
  const trainer = await versionsAt(recipe, place.python);
  const parts = [
    trainer.finding,
    checkData(recipe, dataset),
    finding({ lines: [`batch: ${batchArithmetic(recipe)}`] }),
    hardware.finding,
    ...(shape === null
      ? [unknownSize(place)]
      : [
          checkMemory(recipe, dataset, shape, hardware),
          await checkDisk(recipe, shape, place.out),
          duration(recipe, dataset, shape, hardware),
        ]),
  ];
  return { ...joined(parts), versions: trainer.versions };
}

async function versionsAt(
  recipe: Recipe,
  python: string,
): Promise<{ finding: Finding; versions: Record<string, string> }> {
  if (!python.includes('/')) {
    const warnings = ["the trainer's version is not known: only the cluster's own Python has it"];
    return { finding: finding({ warnings }), versions: {} };
  }
  try {
    const versions = await findVersions(python, recipe.trainer);
    return { finding: checkVersions(recipe, python, versions), versions };
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    return { finding: finding({ problems: [error.message] }), versions: {} };
  }
}

/** Whether the rows are for this task, and whole. */
function checkData(recipe: Recipe, dataset: Dataset): Finding {
  const { train, validation, longest, tokenizer, task } = dataset;
  const counted = tokenizer === null ? 'estimated' : tokenizer;
  const lines = [
    `data: ${dataset.name}, ${train.rows.toLocaleString('en-US')} rows, ${train.tokens.toLocaleString('en-US')} tokens (${counted}), longest ${longest?.toLocaleString('en-US') ?? 'not counted'}, limit ${recipe.max_length.toLocaleString('en-US')}`,
  ];
  const problems: string[] = [];
  if (task !== recipe.task)
    problems.push(
      `the recipe trains ${recipe.task} and ${dataset.folder} was made for ${task}: gem-traj distill --task ${recipe.task}, or another recipe`,
    );
  if (longest !== null && longest > recipe.max_length)
    problems.push(
      `the longest row has ${longest.toLocaleString('en-US')} tokens and max_length is ${recipe.max_length.toLocaleString('en-US')}: it would be cut; --set max_length=${longest}, or gem-traj distill --max-tokens ${recipe.max_length}`,
    );
  const warnings = [
    ...(dataset.offline
      ? ['the rows are the offline teacher’s: what learns from them shows no quality']
      : []),
    ...(recipe.eval_steps !== null && validation === null
      ? ['there is no validation split: the loss on it is not measured']
      : []),
  ];
  return finding({ lines, problems, warnings });
}

function unknownSize({ model }: Place): Finding {
  return finding({
    warnings: [
      `the size of ${model.source} is not known here: no estimate of memory, disk and time (a folder with its config.json would do)`,
    ],
  });
}

function checkMemory(
  recipe: Recipe,
  dataset: Dataset,
  shape: ModelShape,
  { memory }: Hardware,
): Finding {
  const { packing, max_length, device, gpus } = recipe;
  const rowTokens = packing ? max_length : Math.min(max_length, dataset.longest ?? max_length);
  const estimate = estimateMemory(recipe, shape, rowTokens);
  const lines = memoryLines(estimate, device === 'cpu' ? 'process' : 'GPU');
  if (memory === null)
    return finding({ lines, warnings: ['how much memory there is is not known'] });
  const needed = device === 'cpu' ? estimate.bytes * gpus : estimate.bytes;
  lines.push(
    `  there ${device === 'cpu' ? 'are' : 'is'} ${gigabytes(memory)}${device === 'cpu' ? ' free' : ' on a GPU'}`,
  );
  if (needed <= memory) return finding({ lines });
  return finding({
    lines,
    problems: [
      `about ${gigabytes(needed)} are needed and there are ${gigabytes(memory)}: ${advice(recipe)}; --force trains all the same`,
    ],
  });
}

function advice(recipe: Recipe): string {
  const ways = [
    recipe.micro_batch > 1 ? '--set micro_batch=1' : null,
    recipe.activation_checkpointing ? null : '--set activation_checkpointing=true',
    recipe.fused_loss || recipe.trainer === 'trl' ? null : '--set fused_loss=true',
    recipe.device === 'gpu' && recipe.sharding === 'none' ? '--set sharding=zero3' : null,
    recipe.device === 'gpu' ? 'more GPUs' : null,
    recipe.method.kind === 'full' ? 'a LoRA recipe' : null,
    'shorter rows',
  ];
  return ways.filter((way) => way !== null).join(', or ');
}

function duration(
  recipe: Recipe,
  dataset: Dataset,
  shape: ModelShape,
  { machine }: Hardware,
): Finding {
  const work = workOf(recipe, dataset);
  const { hours, how } = estimateHours(recipe, shape, work, machine);
  const time = hours === null ? 'time unknown' : `about ${readable(hours)}`;
  return finding({
    lines: [
      `work: ${work.steps.toLocaleString('en-US')} steps, ${Math.round(work.tokens).toLocaleString('en-US')} tokens; ${time} (${how})`,
    ],
  });
}

function readable(hours: number): string {
  if (hours < 1 / 60) return 'a minute';
  if (hours < 1) return `${Math.round(hours * 60)} minutes`;
  return `${hours.toFixed(1)} hours`;
}
