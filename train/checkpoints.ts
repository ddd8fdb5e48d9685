import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../core/errors.ts';
import { inspectWeights } from '../core/launch/weights.ts';

/** A checkpoint-N folder. */
export interface Checkpoint {
  folder: string;
  step: number;
  /** Why a training cannot go on from it; null when it is whole. */
  problem: string | null;
}

/** The checkpoints in a folder, newest first, each looked at; none where the folder is not there. */
export async function listCheckpoints(folder: string): Promise<Checkpoint[]> {
  const names = await readdir(folder).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const found = names.flatMap((name) => {
    const step = /^checkpoint-(\d+)$/.exec(name)?.[1];
    return step === undefined ? [] : [{ folder: join(folder, name), step: Number(step) }];
  });
  found.sort((a, b) => b.step - a.step);
  return Promise.all(
    found.map(async (one) => ({ ...one, problem: await problemOf(one.folder, one.step) })),
  );
}

/** What a checkpoint lacks. Trainers write its parts one after another, the state of the training last. */
async function problemOf(folder: string, step: number): Promise<string | null> {
  const files = await readdir(folder);
  const state = await readState(join(folder, 'trainer_state.json'));
  if (state === null) return 'trainer_state.json is missing or cut off';
  if (state !== step) return `its trainer_state.json is that of step ${state}`;
  if (!files.includes('scheduler.pt') && !files.some((file) => /^global_step\d+$/.test(file)))
    return 'scheduler.pt is missing';
  if (!files.some((file) => /^(optimizer|global_step\d+$)/.test(file)))
    return "the optimiser's state is missing";
  const weights = await inspectWeights(folder);
  if (weights.problem !== null) return weights.problem;
  for (const file of await archivesIn(folder, files))
    if (!(await isWholeArchive(join(folder, file)))) return `${file} is cut off`;
  return null;
}

/** DeepSpeed's lie in a folder of their own, one for each process. */
async function archivesIn(folder: string, files: readonly string[]): Promise<string[]> {
  const own = files.filter((file) => /^global_step\d+$/.test(file));
  const inside = await Promise.all(
    own.map(async (name) => (await readdir(join(folder, name))).map((file) => join(name, file))),
  );
  return [...files, ...inside.flat()].filter((file) => /\.(pt|pth|bin)$/.test(file));
}

const State = z.object({ global_step: z.number() });

async function readState(path: string): Promise<number | null> {
  try {
    return State.parse(JSON.parse(await readFile(path, 'utf8'))).global_step;
  } catch {
    return null;
  }
}

/** PyTorch saves zip archives, whose list of contents is at the end: one that was cut off has none. */
async function isWholeArchive(path: string): Promise<boolean> {
  const { size } = await stat(path);
  const file = await open(path);
  try {
    const length = Math.min(size, 1024);
    const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length);
    const END_OF_LIST = Buffer.from('PK\u0005\u0006', 'latin1');
    return buffer.includes(END_OF_LIST);
  } finally {
    await file.close();
  }
}
