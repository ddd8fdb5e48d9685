import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { packageRoot } from '../../core/package-root.ts';
import { LineCount } from './line-count.ts';
import { commandOf } from './measured-process.ts';

/** What a session had used when so many passages had ended. */
export interface Mark {
  passages: number;
  /** Bytes that a collection of garbage left. */
  live: number;
  /** Seconds of all threads. */
  cpu: number;
  /** MiB at the highest. */
  rss: number;
  /** Since the session began. */
  seconds: number;
}

/** What a command took: seconds, and MiB at the highest. */
interface Took {
  seconds: number;
  cpu: number;
  rss: number;
}

export interface ScaledRun {
  /** At a tenth, at half and at nine tenths of the passages, where the session was killed. */
  marks: Mark[];
  /** From the start of the second session to the first passage that it ended. */
  resumed: number;
  /** The whole second session. */
  second: Took;
  status: Took;
  report: Took;
  /** Bytes of every file of the run, by its path there; folders of many files together. */
  files: Map<string, number>;
}

/**
 * Takes a corpus through the offline teacher in two sessions, the first of which ends by SIGKILL when nine tenths of
 * the passages have ended, then asks for its status and its report.
 * @throws when a session ends before it could be measured, or with an error
 */
export async function scaledRun(
  folder: string,
  corpus: string,
  passages: number,
): Promise<ScaledRun> {
  const run = join(folder, 'run');
  const ended = new LineCount(join(run, 'passages.jsonl'));
  try {
    const synth = ['synth', '--offline', '--input', corpus, '--run', run];
    const marks = await firstSession(new Session(synth, folder), ended, passages);
    const { resumed, ...second } = await nextSession(new Session(synth, folder), ended);
    if ((await ended.read()) < passages)
      throw new Error(`${passages} passages were given, but not all of them ended`);
    return {
      marks,
      resumed,
      second,
      status: await new Session(['status', run], folder).end(),
      report: await new Session(['report', run], folder).end(),
      files: await filesOf(run),
    };
  } finally {
    await ended.close();
  }
}

const MARKS = [0.1, 0.5, 0.9];
const LOOK_EVERY_MS = 20;

async function firstSession(session: Session, ended: LineCount, passages: number): Promise<Mark[]> {
  const marks: Mark[] = [];
  try {
    for (const part of MARKS) {
      while ((await ended.read()) < part * passages) await session.moment();
      const seconds = session.seconds;
      marks.push({ ...(await session.probe()), passages: await ended.read(), seconds });
    }
  } finally {
    await session.kill();
  }
  return marks;
}

async function nextSession(
  session: Session,
  ended: LineCount,
): Promise<Took & { resumed: number }> {
  const before = await ended.read();
  while ((await ended.read()) <= before) await session.moment();
  const resumed = session.seconds;
  return { resumed, ...(await session.end()) };
}

const Probe = z.object({ live: z.number(), cpu: z.number(), rss: z.number() });
const Usage = z.object({ userCPUTime: z.number(), systemCPUTime: z.number(), maxRSS: z.number() });

/** A gem-traj process that can be asked what it uses. */
class Session {
  readonly #child: ChildProcess;
  readonly #start = performance.now();
  readonly #usage: string;
  readonly #probe: string;
  #errors = '';

  constructor(args: readonly string[], folder: string) {
    this.#usage = join(folder, 'usage.json');
    this.#probe = join(folder, 'probe.json');
    const preloads = ['usage-at-exit', 'memory-probe'].flatMap((name) => [
      '--import',
      commandOf(name, [])[0] ?? '',
    ]);
    const program = join(packageRoot(), 'dist', 'scripts', 'gem-traj.js');
    this.#child = spawn(process.execPath, ['--expose-gc', ...preloads, program, ...args], {
      env: { ...process.env, BENCH_USAGE: this.#usage, BENCH_PROBE: this.#probe },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    this.#child.stderr?.on('data', (data: Buffer) => {
      this.#errors = `${this.#errors}${data}`.slice(-2000);
    });
  }

  get seconds(): number {
    return (performance.now() - this.#start) / 1000;
  }

  /** Waits a little. @throws when the process is over */
  async moment(): Promise<void> {
    if (this.#isOver) throw new Error(`a session ended too early to be measured:\n${this.#errors}`);
    await sleep(LOOK_EVERY_MS);
  }

  async probe(): Promise<z.infer<typeof Probe>> {
    await rm(this.#probe, { force: true });
    this.#child.kill('SIGUSR2');
    for (;;) {
      const text = await readFile(this.#probe, 'utf8').catch(() => undefined);
      if (text !== undefined) return Probe.parse(JSON.parse(text));
      await this.moment();
    }
  }

  async kill(): Promise<void> {
    if (this.#isOver) return;
    const exited = once(this.#child, 'exit');
    this.#child.kill('SIGKILL');
    await exited;
  }

  /** @throws when it does not end with 0 */
  async end(): Promise<Took> {
    if (!this.#isOver) await once(this.#child, 'exit');
    if (this.#child.exitCode !== 0) throw new Error(`gem-traj failed:\n${this.#errors}`);
    const { seconds } = this;
    const usage = Usage.parse(JSON.parse(await readFile(this.#usage, 'utf8')));
    const cpu = (usage.userCPUTime + usage.systemCPUTime) / 1e6;
    return { seconds, cpu, rss: usage.maxRSS / 1024 };
  }

  get #isOver(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }
}

async function filesOf(run: string): Promise<Map<string, number>> {
  const sizes = new Map<string, number>();
  for (const entry of await readdir(run, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const inside = relative(run, path);
    const name = inside.includes('/') ? `${inside.split('/')[0]}/` : inside;
    sizes.set(name, (sizes.get(name) ?? 0) + (await stat(path)).size);
  }
  return sizes;
}
