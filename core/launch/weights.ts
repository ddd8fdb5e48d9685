import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';

/** The weights in a folder. */
export interface Weights {
  bytes: number;
  /** Why they cannot be used: none there, a shard missing, a file cut off; null when they are whole. */
  problem: string | null;
}

/**
 * Looks whether the weights of a model or an adapter are all there and whole, by the lengths that the safetensors
 * format states in its header; no weight is read. Files of PyTorch's own format are only looked for.
 */
export async function inspectWeights(folder: string): Promise<Weights> {
  const files = await readdir(folder);
  const listed = await shardsOf(folder, files);
  if (typeof listed === 'string') return { bytes: 0, problem: listed };
  const found = files.filter((file) => file.endsWith('.safetensors'));
  const names = listed ?? [...new Set(found.flatMap(allParts))];
  if (names.length === 0) return pytorchWeights(folder, files);
  let bytes = 0;
  for (const name of names) {
    if (!files.includes(name)) return { bytes, problem: `${name} is missing` };
    const { size } = await stat(join(folder, name));
    const wanted = await statedLength(join(folder, name), size);
    if (wanted !== size) return { bytes, problem: cutOff(name, size, wanted) };
    bytes += size;
  }
  return { bytes, problem: null };
}

/** As inspectWeights. @throws UsageError where they are not whole */
export async function requireWholeWeights(folder: string): Promise<number> {
  const { bytes, problem } = await inspectWeights(folder);
  if (problem === null) return bytes;
  throw new UsageError(
    `${folder} cannot be used: ${problem}; a save that was cut short looks like this: take an earlier checkpoint, or copy it again`,
  );
}

const Index = z.object({ weight_map: z.record(z.string(), z.string()) });

/** The shards that an index names; undefined without one, the problem where it cannot be read. */
async function shardsOf(
  folder: string,
  files: readonly string[],
): Promise<string[] | string | undefined> {
  const index = 'model.safetensors.index.json';
  if (!files.includes(index)) return undefined;
  const text = await readFile(join(folder, index), 'utf8');
  const parsed = Index.safeParse(jsonOrNull(text));
  if (!parsed.success) return `${index} is not a list of shards`;
  return [...new Set(Object.values(parsed.data.weight_map))].sort();
}

/** model-00002-of-00003.safetensors has three parts; the index is written after them. */
function allParts(name: string): string[] {
  const [, start, number = '', count] = /^(.*-)(\d+)-of-(\d+)\.safetensors$/.exec(name) ?? [];
  if (count === undefined) return [name];
  return Array.from({ length: Number(count) }, (_, index) => {
    const padded = String(index + 1).padStart(number.length, '0');
    return `${start}${padded}-of-${count}.safetensors`;
  });
}

async function pytorchWeights(folder: string, files: readonly string[]): Promise<Weights> {
  const names = files.filter((file) => /^(pytorch_model|adapter_model).*\.bin$/.test(file));
  if (names.length === 0) return { bytes: 0, problem: 'it holds no weights (*.safetensors)' };
  const sizes = await Promise.all(names.map((name) => stat(join(folder, name))));
  return { bytes: sizes.reduce((sum, { size }) => sum + size, 0), problem: null };
}

const Header = z.record(z.string(), z.object({ data_offsets: z.tuple([z.number(), z.number()]) }));

/** Eight bytes with the header's length, the header (JSON with the place of each tensor), the tensors; null: no header. */
async function statedLength(path: string, size: number): Promise<number | null> {
  const file = await open(path);
  try {
    const prefix = Buffer.alloc(8);
    await file.read(prefix, 0, 8, 0);
    const length = Number(prefix.readBigUInt64LE());
    if (size < 8 || length > size - 8) return null;
    const header = Buffer.alloc(length);
    await file.read(header, 0, length, 8);
    const { __metadata__: _said, ...tensors } = z
      .record(z.string(), z.unknown())
      .parse(jsonOrNull(header.toString('utf8')) ?? {});
    const parsed = Header.safeParse(tensors);
    if (!parsed.success) return null;
    const ends = Object.values(parsed.data).map(({ data_offsets: [, end] }) => end);
    return 8 + length + ends.reduce((last, end) => Math.max(last, end), 0);
  } finally {
    await file.close();
  }
}

function cutOff(name: string, size: number, wanted: number | null): string {
  if (wanted === null) return `${name} (${size} bytes) has no whole header`;
  return `${name} has ${size} bytes, and its header speaks of ${wanted}`;
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
