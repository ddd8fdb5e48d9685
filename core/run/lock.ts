import { link, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { z } from 'zod';
import { errorCode, errorMessage, UsageError } from '../errors.ts';
import { birthOf } from './process-birth.ts';

const Holder = z.object({
  pid: z.number(),
  host: z.string(),
  since: z.string(),
  /** When the process began, as birthOf tells it: its number may be another's by now. */
  birth: z.string().default(''),
  /** The Slurm job it is of, and how often that had been put back into the queue. */
  job: z.string().optional(),
  restarts: z.number().optional(),
});
type Holder = z.infer<typeof Holder>;

/** The locks of this process: a pid comes back after a restart (in a container it is always 1), a set does not. */
const heldHere = new Set<string>();

const BEAT_MS = 30_000;
/** A process on another host is believed alive for so long after its last sign. */
const SILENT_MS = 10 * 60_000;

/**
 * Keeps a second process out of a run folder; the returned function lets go. A lock is stale, and taken over, when
 * its process is gone from this host, is an earlier start of the same Slurm job (which ends one start before the
 * next, on whatever node), or has given no sign from another host for ten minutes. A process that finds its lock taken
 * over (it was suspended for so long) ends at once.
 * @throws UsageError naming the process that holds it, or where the folder cannot be written
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const path = resolve(folder, 'lock');
  for (let tries = 0; tries < 5; tries += 1) {
    const text = await create(path);
    if (text !== undefined) return keep(path, text);
    const found = await readLock(path);
    if (found === undefined) continue;
    if (await isAlive(found, path)) throw held(folder, path, found.holder);
    await removeStale(path, found.text);
  }
  throw new UsageError(`${path} is being taken by other processes; start the command again`);
}

/** Whether a process holds a run folder now, as far as this host can tell. */
export async function isLocked(folder: string): Promise<boolean> {
  const path = resolve(folder, 'lock');
  const found = await readLock(path);
  return found !== undefined && (await isAlive(found, path));
}

/**
 * The lock appears with all of its text or not at all: a link, unlike a write, does not replace what is there.
 * @returns the text, or undefined where there is a lock
 */
async function create(path: string): Promise<string | undefined> {
  const temporary = besides(path);
  const { pid } = process;
  const since = new Date().toISOString();
  const birth = await birthOf(pid);
  const holder: Holder = { pid, host: hostname(), since, birth, ...slurmStart() };
  const text = `${JSON.stringify(holder)}\n`;
  try {
    await writeFile(temporary, text);
    return (await linked(temporary, path)) ? text : undefined;
  } catch (error) {
    if (!['EACCES', 'EROFS'].includes(errorCode(error) ?? '')) throw error;
    throw new UsageError(`${path} cannot be written: ${errorMessage(error)}`, { cause: error });
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** NFS may say that a link was there before when its own first answer got lost; the count of links tells. */
async function linked(temporary: string, path: string): Promise<boolean> {
  try {
    await link(temporary, path);
    return true;
  } catch (error) {
    if (errorCode(error) !== 'EEXIST') throw error;
    return (await stat(temporary)).nlink > 1;
  }
}

const besides = (path: string): string =>
  `${path}.${process.pid}.${Math.random().toString(36).slice(2)}.tmp`;

function keep(path: string, text: string): () => Promise<void> {
  heldHere.add(path);
  const beating = setInterval(() => void beat(path, text), BEAT_MS);
  beating.unref();
  return async () => {
    clearInterval(beating);
    heldHere.delete(path);
    if (await isOurs(path, text)) await rm(path, { force: true });
  };
}

/**
 * A write, for the file system then sets the time by its own clock, which is the same for all hosts. Read and written
 * over one handle: the lock of another that takes over in between is another file.
 */
async function beat(path: string, text: string): Promise<void> {
  // A folder that was taken away, or a full disk, shows at the next write of the run itself.
  const handle = await open(path, 'r+').catch(() => undefined);
  if (handle === undefined) return;
  const found = await handle.readFile('utf8').catch(() => text);
  if (found === text) await handle.write(text, 0).catch(() => {});
  await handle.close();
  if (found === text || !heldHere.has(path)) return;
  // Nobody awaits this: the process ends, before it can write anything more.
  throw new UsageError(
    `${path} was taken over by another process, as this one gave no sign for ten minutes; it ends here, and the other goes on`,
  );
}

/** A lock that is gone is nobody's: it was removed by hand, or with its folder. */
async function isOurs(path: string, text: string): Promise<boolean> {
  const found = await readFile(path, 'utf8').catch(() => text);
  return found === text;
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
    const nobody: Holder = { pid: 0, host: hostname(), since: '', birth: '' };
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

/** Of the Slurm job that this process is in; nothing elsewhere. */
function slurmStart(): Pick<Holder, 'job' | 'restarts'> {
  const { SLURM_JOB_ID: job, SLURM_RESTART_COUNT: restarts = '0' } = process.env;
  return job === undefined || job === '' ? {} : { job, restarts: Number(restarts) };
}

function isEarlierStart({ job, restarts = 0 }: Holder): boolean {
  const own = slurmStart();
  return job !== undefined && job === own.job && restarts < (own.restarts ?? 0);
}

async function isAlive({ holder, beatAt }: FoundLock, path: string): Promise<boolean> {
  if (isEarlierStart(holder)) return false;
  if (holder.host !== hostname()) return (await fileTime(path)) - beatAt < SILENT_MS;
  if (holder.pid === process.pid) return heldHere.has(path);
  if (holder.pid === 0 || !isRunning(holder.pid)) return false;
  const birth = await birthOf(holder.pid);
  return holder.birth === '' || birth === '' || holder.birth === birth;
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** The time by the clock that a lock's beats are told by: two hosts' own clocks may be minutes apart. */
async function fileTime(path: string): Promise<number> {
  const temporary = besides(path);
  try {
    await writeFile(temporary, 'What is the time?\n');
    return (await stat(temporary)).mtimeMs;
  } catch {
    // Somebody who may only read asks.
    return Date.now();
  } finally {
    await rm(temporary, { force: true }).catch(() => {});
  }
}

/** Moved aside first and looked at again: between reading and removing, another process may have taken over. */
async function removeStale(path: string, text: string): Promise<void> {
  const aside = besides(path);
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
