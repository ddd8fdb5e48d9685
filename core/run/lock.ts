import { open, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode, UsageError } from '../errors.ts';

const Holder = z.object({ pid: z.number(), host: z.string(), since: z.string() });
type Holder = z.infer<typeof Holder>;

/**
 * Keeps a second process out of a run folder; the returned function lets go.
 * A lock whose process is gone from this host is stale and taken over.
 * @throws UsageError naming the process that holds it
 */
export async function lockRun(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, 'lock');
  for (let tries = 0; tries < 3; tries += 1) {
    if (await create(path)) return () => rm(path, { force: true });
    const holder = await readHolder(path);
    if (holder !== undefined && isAlive(holder)) throw held(folder, path, holder);
    await rm(path, { force: true });
  }
  throw new UsageError(`${path} is being taken by other processes; start the command again`);
}

/** Whether a process holds a run folder now, as far as this host can tell. */
export async function isLocked(folder: string): Promise<boolean> {
  const holder = await readHolder(join(folder, 'lock'));
  return holder !== undefined && isAlive(holder);
}

async function create(path: string): Promise<boolean> {
  try {
    const handle = await open(path, 'wx');
    const holder: Holder = { pid: process.pid, host: hostname(), since: new Date().toISOString() };
    await handle.writeFile(`${JSON.stringify(holder)}\n`);
    await handle.close();
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** A lock cut short by a kill holds nobody. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    return Holder.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}

/** On another host nothing can be known, so its lock is believed. */
function isAlive(holder: Holder): boolean {
  if (holder.host !== hostname()) return true;
  try {
    process.kill(holder.pid, 0);
    return true;
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

function held(folder: string, path: string, { pid, host, since }: Holder): UsageError {
  return new UsageError(
    `${folder} is in use by process ${pid} on ${host} since ${since}; wait for it, or remove ${path} if that process is gone`,
  );
}
