import { createHash } from 'node:crypto';
import { mkdir, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../../../core/errors.ts';
import { FACETS } from './facets.ts';
import { RowIndex, type StoredArray } from './row-index.ts';

/** How far a file has been indexed, and what its indexed part looked like. */
const IndexedFile = z.object({
  path: z.string(),
  /** Bytes that are indexed. */
  to: z.number(),
  /** Milliseconds; with the size it tells whether the file is as it was. */
  modified: z.number(),
  /** Of the beginning and the end of the indexed part. */
  fingerprint: z.string(),
});
export type IndexedFile = z.infer<typeof IndexedFile>;

const Header = z.object({
  version: z.literal(1),
  /** How rows were read: another way makes another index. */
  settings: z.string(),
  files: z.array(IndexedFile),
  arrays: z.array(z.object({ name: z.string(), bytes: z.number() })),
  names: z.record(z.enum(FACETS), z.array(z.string())),
});

/** An index and how far it goes in each file. */
export interface CachedIndex {
  index: RowIndex;
  files: IndexedFile[];
}

/**
 * The index that an earlier viewer kept; undefined where there is none, it was made otherwise, or a file is no longer
 * what was indexed. Files that have only grown are as they were: the rest is still to be indexed.
 */
export async function loadIndex(path: string, settings: string): Promise<CachedIndex | undefined> {
  const bytes = await readFile(path).catch(() => undefined);
  const end = bytes?.indexOf(10) ?? -1;
  if (bytes === undefined || end < 0) return undefined;
  const header = Header.safeParse(jsonOf(bytes.toString('utf8', 0, end)));
  if (!header.success || header.data.settings !== settings) return undefined;
  const { files, arrays, names } = header.data;
  for (const file of files) if (!(await isAsIndexed(file))) return undefined;
  const stored = new Map<string, StoredArray>();
  let at = end + 1;
  for (const { name, bytes: length } of arrays) {
    stored.set(name, storedArray(bytes.subarray(at, at + length)));
    at += length;
  }
  if (at !== bytes.length) return undefined;
  return { index: new RowIndex({ arrays: stored, names }), files };
}

/** Keeps an index for the next viewer; it appears under its name when it is whole. */
export async function saveIndex(
  path: string,
  settings: string,
  { index, files }: CachedIndex,
): Promise<void> {
  const { arrays, names } = index.stored();
  const header = {
    version: 1,
    settings,
    files,
    arrays: arrays.map(([name, { byteLength }]) => ({ name, bytes: byteLength })),
    names,
  };
  await mkdir(dirname(path), { recursive: true });
  const partial = `${path}.${process.pid}.partial`;
  try {
    const handle = await open(partial, 'w');
    try {
      await handle.writeFile(`${JSON.stringify(header)}\n`);
      for (const [, bytes] of arrays) await handle.writeFile(bytes);
    } finally {
      await handle.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** A file's state once it is indexed up to a byte; undefined where there is no such file. */
export async function indexedFile(path: string, to: number): Promise<IndexedFile | undefined> {
  const found = await stat(path).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  });
  if (found === undefined) return undefined;
  return { path, to, modified: found.mtimeMs, fingerprint: await fingerprintOf(path, to) };
}

async function isAsIndexed({ path, to, modified, fingerprint }: IndexedFile): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (found === undefined) return to === 0;
  if (found.size < to) return false;
  if (found.size === to && found.mtimeMs === modified) return true;
  // Same size and another time: rewritten, whatever its ends look like.
  return found.size > to && (await fingerprintOf(path, to)) === fingerprint;
}

const ENDS_BYTES = 64 * 1024;

async function fingerprintOf(path: string, to: number): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const hash = createHash('sha256');
    for (const start of [0, Math.max(0, to - ENDS_BYTES)]) {
      const bytes = Buffer.alloc(Math.min(ENDS_BYTES, to - start));
      const { bytesRead } = await handle.read(bytes, 0, bytes.length, start);
      hash.update(bytes.subarray(0, bytesRead));
    }
    return hash.digest('hex');
  } finally {
    await handle.close();
  }
}

function storedArray(bytes: Buffer): StoredArray {
  // Copied: numbers must begin at a multiple of their size.
  const copy = () => new Uint8Array(bytes).buffer;
  return {
    bytes: () => new Uint8Array(copy()),
    counts: () => new Uint32Array(copy()),
    wide: () => new Float64Array(copy()),
  };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
