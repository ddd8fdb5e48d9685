import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { errorCode, UsageError } from '../errors.ts';

const Holder = z.object({ pid: z.number(), host: z.string(), since: z.string() });
type Holder = z.infer<typeof Holder>;

/** The locks of this process: a pid comes back after a restart (in a container it is always 1), a set does not. */
const heldHere = new Set<string>();

const BEAT_MS = 30_000;
/** A process on another host is believed alive for so long after its last sign. */
const SILENT_MS = 10 * 60_000;

/**
 * Keeps a second process out of a run folder; the returned function lets go. A lock is stale, and taken over, when
 * its process is gone from this host, or has given no sign from another one for ten minutes.
 * @throws UsageError naming the process that holds it
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const path = resolve(folder, 'lock');
  for (let tries = 0; tries < 5; tries += 1) {
    if (await create(path)) return keep(path);
    const found = await readLock(path);
    if (found === undefined) continue;
    if (isAlive(found, path)) throw held(folder, path, found.holder);
    await removeStale(path, found.text);
  }
  throw new UsageError(`${path} is being taken by other processes; start the command again`);
}

/** Whether a process holds a run folder now, as far as this host can tell. */
export async function isLocked(folder: string): Promise<boolean> {
  const path = resolve(folder, 'lock');
  const found = await readLock(path);
  return found !== undefined && isAlive(found, path);
}

/** The lock appears with all of its text or not at all: a link, unlike a write, does not replace what is there. */
async function create(path: string): Promise<boolean> {
  const temporary = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
  await writeFile(temporary, `${JSON.stringify(holder)}\n`);
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(temporary, { force: true });
  }
}

function keep(path: string): () => Promise<void> {
  heldHere.add(path);
  const beat = setInterval(() => {
    const now = new Date();
    // A folder that was taken away shows at the next write.
    void utimes(path, now, now).catch(() => {});
  }, BEAT_MS);
  beat.unref();
  return async () => {
    clearInterval(beat);
    heldHere.delete(path);
    await rm(path, { force: true });
  };
}

interface FoundLock {
  text: string;
  holder: Holder;
  beatAt: number;
}

/** A lock that is no text of ours (an older version, an editor) holds nobody. */
async function readLock(path: string): Promise<FoundLock | undefined> {
  try {
    const [text, { mtimeMs }] = await Promise.all([readFile(path, 'utf8'), stat(path)]);
    const holder = Holder.safeParse(parsed(text));
    const nobody: Holder = { pid: 0, host: hostname(), since: '' };
    return { text, holder: holder.success ? holder.data : nobody, beatAt: mtimeMs };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isAlive({ holder, beatAt }: FoundLock, path: string): boolean {
  if (holder.host !== hostname()) return Date.now() - beatAt < SILENT_MS;
  if (holder.pid === process.pid) return heldHere.has(path);
  if (holder.pid === 0) return false;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** Moved aside first and looked at again: between reading and removing, another process may have taken over. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;
  try {
    await rename(path, aside);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readFile(aside, 'utf8');
  if (moved !== text) await link(aside, path).catch(() => {});
  await rm(aside, { force: true });
}

function held(folder: string, path: string, { pid, host, since }: Holder): UsageError {
  return new UsageError(
    `${folder} is in use by process ${pid} on ${host} since ${since}; wait for it, or remove ${path} if that process is gone`,
  );
}
