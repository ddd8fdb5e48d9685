import { open, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { errorCode, errorMessage, UsageError } from '../errors.ts';
import { readParquet } from '../parquet-read.ts';
import { type JsonText, jsonTexts } from './json-texts.ts';

/** One value of a file and where it stands: `trajectories.jsonl:12`. */
export type FileValue = { place: string } & ({ value: unknown } | { problem: string });

/**
 * The values of a file, one at a time in constant memory: the lines of JSONL, the elements of a JSON array,
 * the rows of Parquet; a JSON file that is one object is one value, held whole. A folder is a run: its
 * trajectories.jsonl. What is no JSON is a value with a problem. Throws a UsageError for a file that cannot be read.
 */
export async function* fileValues(path: string): AsyncGenerator<FileValue, void, undefined> {
  const file = await fileOf(path);
  const name = basename(file);
  if (await isParquet(file)) {
    let number = 0;
    for await (const value of readParquet(file)) {
      number += 1;
      yield { place: `${name}:${number}`, value };
    }
    return;
  }
  for await (const text of jsonTexts(file))
    yield { place: `${name}:${text.number}`, ...parsed(text) };
}

async function fileOf(path: string): Promise<string> {
  for (const candidate of [path, join('runs', path)]) {
    const found = await stat(candidate).catch((error: unknown) => {
      if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return undefined;
      throw new UsageError(`cannot read ${candidate}: ${errorMessage(error)}`, { cause: error });
    });
    if (found?.isFile()) return candidate;
    if (found?.isDirectory()) return trajectoriesIn(candidate);
  }
  throw new UsageError(`${path}: there is no such file, and no run of that name in runs/`);
}

async function trajectoriesIn(folder: string): Promise<string> {
  const file = join(folder, 'trajectories.jsonl');
  const found = await stat(file).catch(() => undefined);
  if (found?.isFile()) return file;
  throw new UsageError(`${folder} is a folder without trajectories.jsonl; name a run or the files`);
}

async function isParquet(path: string): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(4), 0, 4, 0);
    return bytesRead === 4 && buffer.toString('latin1') === 'PAR1';
  } finally {
    await handle.close();
  }
}

function parsed(text: JsonText): { value: unknown } | { problem: string } {
  if ('problem' in text) return { problem: text.problem };
  try {
    return { value: JSON.parse(text.text) };
  } catch (error) {
    return { problem: `no JSON (${errorMessage(error)})` };
  }
}
