import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { packageRoot } from '../../core/package-root.ts';
import { type Loopback, type LoopbackStats, withLoopback } from './loopback.ts';
import { keptOf, type Measurement } from './measured-process.ts';
import { type Peer, quietEnvironment } from './peers-clients.ts';

const MEASURED = join(packageRoot(), 'scripts', 'benchmarks', 'peers', 'measured.py');
const LOOK_EVERY_MS = 25;
const LIMIT_S = 900;

/** `wall`, `cpu` and `rss` are of the process and all its descendants. */
export interface PeerMeasurement extends Measurement {
  /** From the start of the process to its first request, seconds. */
  firstRequest: number;
  /** The server's counters at the end. */
  stats: LoopbackStats;
}

/**
 * Runs a peer's job once, against a server of its own.
 * @param options of the server
 * @throws when it fails, or is not done within a quarter of an hour
 */
export function measurePeer(
  peer: Peer,
  rows: number,
  concurrency: number,
  options: readonly string[] = [],
): Promise<PeerMeasurement> {
  return inFolder((folder) =>
    withLoopback(options, async (server) => {
      const usage = join(folder, 'usage.json');
      const job = peer.command(server.url, rows, concurrency, folder);
      const run = new PeerProcess(['python3', MEASURED, usage, ...job], folder);
      const asked = await whenServer(server, run, ({ requests }) => requests > 0);
      const output = await run.end();
      const { begun, ...used } = Usage.parse(JSON.parse(await readFile(usage, 'utf8')));
      const stats = await server.stats();
      return { ...used, kept: keptOf(output), firstRequest: asked / 1000 - begun, stats };
    }),
  );
}

/** What a server was asked twice because of a kill. */
export interface SentAgain {
  /** Requests whose very body had come before. */
  again: number;
  /** Those of them that had been answered before. */
  answered: number;
  kept: number;
}

/** Kills a peer and all its processes when half of the rows are answered, and starts it again in the same folder. */
export function killPeer(peer: Peer, rows: number, concurrency: number): Promise<SentAgain> {
  return inFolder((folder) =>
    withLoopback(['--hash'], async (server) => {
      const job = peer.command(server.url, rows, concurrency, folder);
      const first = new PeerProcess(job, folder);
      await whenServer(server, first, ({ answered }) => answered >= rows / 2);
      await first.kill();
      const output = await new PeerProcess(job, folder).end();
      const { repeated, repeated_answered: answered } = await server.stats();
      return { again: repeated, answered, kept: keptOf(output) };
    }),
  );
}

const Usage = z.object({ begun: z.number(), wall: z.number(), cpu: z.number(), rss: z.number() });

async function inFolder<T>(act: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-peers-'));
  try {
    await mkdir(join(folder, 'home'));
    return await act(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Waits until the server's counters are as wanted, or the process is over. @returns when, in milliseconds of the day's clock */
async function whenServer(
  server: Loopback,
  run: PeerProcess,
  isWanted: (stats: LoopbackStats) => boolean,
): Promise<number> {
  while (!run.isOver && !isWanted(await server.stats())) await sleep(LOOK_EVERY_MS);
  return Date.now();
}

/** A process that leads a group of its own, so that its workers end with it. */
class PeerProcess {
  readonly #child: ChildProcess;
  readonly #closed: Promise<unknown>;
  readonly #limit: NodeJS.Timeout;
  #output = '';
  #errors = '';

  constructor([program = '', ...args]: readonly string[], folder: string) {
    const env = { ...process.env, ...quietEnvironment(folder) };
    this.#child = spawn(program, args, {
      env,
      cwd: folder,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#closed = once(this.#child, 'close');
    this.#child.stdout?.on('data', (data: Buffer) => {
      this.#output = `${this.#output}${data}`.slice(-10_000);
    });
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#errors = `${this.#errors}${data}`.slice(-2000);
    });
    this.#limit = setTimeout(() => this.#signal(), LIMIT_S * 1000);
  }

  get isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  /** @returns the end of its standard output @throws when it fails */
  async end(): Promise<string> {
    await this.#closed;
    clearTimeout(this.#limit);
    if (this.#child.exitCode === 0) return this.#output;
    const how = this.#child.signalCode ?? `status ${this.#child.exitCode}`;
    throw new Error(`it ended with ${how}: ${this.#errors || this.#output}`);
  }

  async kill(): Promise<void> {
    this.#signal();
    await this.#closed;
    clearTimeout(this.#limit);
  }

  #signal(): void {
    const { pid } = this.#child;
    if (pid === undefined) return;
    try {
      process.kill(-pid, 'SIGKILL');
    } catch {
      // The whole group has ended already.
    }
  }
}
