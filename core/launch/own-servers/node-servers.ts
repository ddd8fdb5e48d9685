import { lstat, mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { UsageError } from '../../errors.ts';
import { sha256 } from '../../hash.ts';
import { readTextIfThere } from '../../read-text.ts';
import { isLocked, lockRun } from '../../run/lock.ts';
import { replaceFile } from '../../write-file.ts';
import { HEALTH_PATH } from '../servers/plan.ts';
import type { NamedServeConfig } from './serve-config.ts';
import { type OwnServers, type StartOptions, startServers } from './start-servers.ts';

const POLL_MS = 1_000;
const WATCH_MS = 5_000;
/** So often in a row none of the servers may fail to answer before they are given up. */
const SILENT_LOOKS = 3;

const Address = z.object({ roots: z.array(z.string()).min(1) });

/**
 * The servers that the processes of one run share on a node. The first process takes a lock in a folder of the node's
 * own disk and starts them; the others wait for the address. Who started them keeps them until nobody uses them; if it
 * is ended before, the others lose them, and the next one that asks starts its own.
 * @param run what the processes have in common, such as the run's path
 * @returns undefined when Ctrl-C came first
 * @throws UsageError as startServers does, or where the folder is not ours
 */
export async function nodeServers(
  config: NamedServeConfig,
  run: string,
  options: StartOptions,
): Promise<OwnServers | undefined> {
  const folder = await nodeFolder(config, run);
  while (!options.stopping.aborted) {
    const release = await lockRun(folder).catch((error: unknown) => {
      if (error instanceof UsageError) return undefined;
      throw error;
    });
    if (release !== undefined) return startShared(config, folder, release, options);
    const roots = await addressIn(folder);
    if (roots !== undefined && (await anyHealthy(roots))) return useShared(folder, roots);
    await sleep(POLL_MS, undefined, { signal: options.stopping }).catch(() => {});
  }
  return undefined;
}

async function startShared(
  config: NamedServeConfig,
  folder: string,
  release: () => Promise<void>,
  options: StartOptions,
): Promise<OwnServers | undefined> {
  try {
    await rm(join(folder, ADDRESS), { force: true });
    const servers = await startServers(config, options);
    if (servers === undefined) {
      await release();
      return undefined;
    }
    await replaceFile(join(folder, ADDRESS), JSON.stringify({ roots: servers.roots }));
    const stop = async () => {
      await untilUnused(folder, options);
      await rm(join(folder, ADDRESS), { force: true });
      await servers.stop();
      await release();
    };
    return { ...servers, stop };
  } catch (error) {
    await release();
    throw error;
  }
}

/** Waits for the others on this node, unless this process is asked to end. */
async function untilUnused(folder: string, { stopping, onNote }: StartOptions): Promise<void> {
  let told = false;
  while (!stopping.aborted && (await usersIn(folder)) > 0) {
    if (!told) onNote('the servers stay up: other processes on this node use them');
    told = true;
    await sleep(POLL_MS, undefined, { signal: stopping }).catch(() => {});
  }
}

async function useShared(folder: string, roots: string[]): Promise<OwnServers> {
  const mark = join(folder, `${process.pid}.user`);
  await writeFile(mark, '');
  const lost = new AbortController();
  let silent = 0;
  const watch = setInterval(() => {
    void anyHealthy(roots).then((isUp) => {
      silent = isUp ? 0 : silent + 1;
      if (silent >= SILENT_LOOKS)
        lost.abort(new UsageError(`the node's shared servers (${roots.join(', ')}) are gone`));
    });
  }, WATCH_MS);
  watch.unref();
  const stop = async () => {
    clearInterval(watch);
    await rm(mark, { force: true });
  };
  return { roots, lost: lost.signal, stop };
}

async function usersIn(folder: string): Promise<number> {
  const pids = (await readdir(folder)).flatMap((name) => /^(\d+)\.user$/.exec(name)?.[1] ?? []);
  return pids.filter((pid) => isAlive(Number(pid))).length;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Only while somebody holds the lock: an address that was left behind may be anybody's by now. */
async function addressIn(folder: string): Promise<string[] | undefined> {
  if (!(await isLocked(folder))) return undefined;
  const text = await readTextIfThere(join(folder, ADDRESS));
  return text === undefined ? undefined : Address.parse(JSON.parse(text)).roots;
}

const ADDRESS = 'address.json';

async function anyHealthy(roots: readonly string[]): Promise<boolean> {
  const answers = await Promise.allSettled(
    roots.map(async (root) => {
      const response = await fetch(`${root}${HEALTH_PATH}`, { signal: AbortSignal.timeout(4_000) });
      await response.body?.cancel();
      return response.ok;
    }),
  );
  return answers.some((answer) => answer.status === 'fulfilled' && answer.value);
}

/** Readable and writable by this user alone: an address that somebody else put there would get the prompts. */
async function nodeFolder(config: NamedServeConfig, run: string): Promise<string> {
  const key = sha256(JSON.stringify([run, config])).slice(0, 16);
  const folder = join(tmpdir(), `gem-traj-serve-${userInfo().uid}-${key}`);
  await mkdir(folder, { mode: 0o700 }).catch(() => {});
  const { uid, mode } = await lstat(folder);
  if (uid === userInfo().uid && (mode & 0o077) === 0) return folder;
  throw new UsageError(
    `${folder} is not this user's alone: remove it, or set TMPDIR to another one`,
  );
}
