import { stat, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { JsonlAppender } from '../jsonl-append.ts';
import { type JsonlLine, readJsonl } from '../jsonl-read.ts';
import { HashSet } from '../text/hash-set.ts';
import { addToFunnel, emptyFunnel, FunnelCounts } from './funnel.ts';
import { parseLine } from './parse-line.ts';
import { ownTarget, type RowTarget } from './row-target.ts';

const ROW_FILES = ['trajectories', 'rejected', 'surplus'] as const;
type RowFile = (typeof ROW_FILES)[number];
const Sizes = z.object({ trajectories: z.number(), rejected: z.number(), surplus: z.number() });
type Sizes = z.infer<typeof Sizes>;

/** One line of passages.jsonl: how a passage ended, and how long the row files were after its rows. */
export const PassageLine = z.object({
  id: z.string(),
  /** `failed` found no server: it is tried again. `promoted` is no passage: surplus rows that a higher target took in. */
  outcome: z.enum(['filtered', 'rejected', 'done', 'failed', 'promoted']),
  reason: z.string().nullable(),
  counts: FunnelCounts,
  sizes: Sizes,
});
export type PassageLine = z.infer<typeof PassageLine>;

/** How a passage ended, with all its rows. */
export interface PassageEnd {
  id: string;
  outcome: Exclude<PassageLine['outcome'], 'promoted'>;
  reason: string | null;
  counts: FunnelCounts;
  accepted: unknown[];
  rejected: unknown[];
}

/**
 * The order in which passages end is the order in which their rows are kept: rows first, then the passage's line with
 * the files' sizes. After a kill the row files are cut back to the sizes of the last line; the passages behind the
 * cut go through their stages again, from the journal.
 */
export class CommitLog {
  readonly funnel = emptyFunnel();
  readonly #done: HashSet;
  readonly #appenders: Record<RowFile, JsonlAppender>;
  readonly #passages: JsonlAppender;
  readonly #target: RowTarget;
  #last: Promise<unknown> = Promise.resolve();
  #broken: unknown;

  private constructor(
    done: HashSet,
    appenders: Record<RowFile, JsonlAppender>,
    passages: JsonlAppender,
    target: RowTarget,
  ) {
    this.#done = done;
    this.#appenders = appenders;
    this.#passages = passages;
    this.#target = target;
  }

  /** @param target how many rows are accepted at most, by this run alone unless told; what comes beyond is surplus */
  static async open(folder: string, target: number | null | RowTarget): Promise<CommitLog> {
    const { appender: passages } = await JsonlAppender.open(join(folder, 'passages.jsonl'));
    const done = new HashSet();
    const funnel = emptyFunnel();
    let sizes: Sizes = { trajectories: 0, rejected: 0, surplus: 0 };
    const path = join(folder, 'passages.jsonl');
    for await (const read of readJsonl(path)) {
      const line = parseLine(PassageLine, read, path);
      sizes = line.sizes;
      if (line.outcome === 'failed') continue;
      if (line.outcome !== 'promoted') done.add(sha256(line.id));
      addToFunnel(funnel, line.counts);
    }
    const appenders = {
      trajectories: await openRows(folder, 'trajectories', sizes),
      rejected: await openRows(folder, 'rejected', sizes),
      surplus: await openRows(folder, 'surplus', sizes),
    };
    const rowTarget = typeof target === 'object' && target !== null ? target : ownTarget(target);
    const log = new CommitLog(done, appenders, passages, rowTarget);
    addToFunnel(log.funnel, funnel);
    await log.#promote(join(folder, 'surplus.jsonl'));
    await log.look();
    return log;
  }

  isDone(passageId: string): boolean {
    return this.#done.size > 0 && this.#done.has(sha256(passageId));
  }

  get targetReached(): boolean {
    return this.#target.room(this.funnel.accepted) <= 0;
  }

  /** How many more rows are wanted of this run: its part of what a target still lacks. */
  get wanted(): number {
    return Math.ceil(this.#target.room(this.funnel.accepted) / this.#target.sharers);
  }

  /** Tells those who share the target how far this run is, and finds out how far they are. */
  async look(): Promise<void> {
    await this.#target.tell(this.funnel.accepted);
    await this.#target.allow(this.funnel.accepted, 0);
  }

  /** Writes a passage's end; ends are written one after another in the order of the calls. */
  commit(end: PassageEnd): Promise<void> {
    const committed = this.#last.then(() => this.#write(end));
    this.#last = committed.catch(() => {});
    return committed;
  }

  /** Throws where a row may not be on the disk, or not under its file's name. */
  async flush(): Promise<void> {
    await this.#last;
    await Promise.all([
      ...ROW_FILES.map((name) => this.#appenders[name].flush()),
      this.#passages.flush(),
    ]);
  }

  async close(): Promise<void> {
    await this.#last;
    await Promise.all([
      ...ROW_FILES.map((name) => this.#appenders[name].close()),
      this.#passages.close(),
    ]);
  }

  async #write(end: PassageEnd): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    try {
      await this.#writeEnd(end);
    } catch (error) {
      // Some of its rows may stand in their files: a later line's sizes would take them in.
      this.#broken = error;
      throw error;
    }
  }

  async #writeEnd(end: PassageEnd): Promise<void> {
    const room = await this.#target.allow(this.funnel.accepted, end.accepted.length);
    const accepted = end.accepted.slice(0, room);
    const surplus = end.accepted.slice(room);
    const { trajectories, rejected, surplus: beyond } = this.#appenders;
    await Promise.all([
      ...accepted.map((row) => trajectories.append(row)),
      ...surplus.map((row) => beyond.append(row)),
      ...end.rejected.map((row) => rejected.append(row)),
    ]);
    const counts = { ...end.counts, accepted: accepted.length, surplus: surplus.length };
    const { id, outcome, reason } = end;
    const line: PassageLine = {
      id,
      outcome,
      reason,
      counts: nonZero(counts),
      sizes: this.#sizes(),
    };
    await this.#passages.append(line);
    if (outcome !== 'failed') addToFunnel(this.funnel, counts);
    if (accepted.length > 0) await this.#target.tell(this.funnel.accepted);
  }

  /** Takes surplus rows in, the last first, when the target is higher than it was. */
  async #promote(path: string): Promise<void> {
    if (this.funnel.surplus === 0) return;
    const room = await this.#target.allow(this.funnel.accepted, this.funnel.surplus);
    if (room <= 0) return;
    const lines: JsonlLine[] = [];
    for await (const line of readJsonl(path)) lines.push(line);
    const taken = lines.slice(-Math.min(room, lines.length));
    const { trajectories, surplus } = this.#appenders;
    for (const { value } of taken) await trajectories.append(value);
    const counts = { accepted: taken.length, surplus: -taken.length };
    const sizes = { ...this.#sizes(), surplus: taken[0]?.offset ?? surplus.size };
    await this.#passages.append({
      id: '',
      outcome: 'promoted',
      reason: null,
      counts,
      sizes,
    } satisfies PassageLine);
    await surplus.close();
    await truncate(path, sizes.surplus);
    this.#appenders.surplus = (await JsonlAppender.open(path)).appender;
    addToFunnel(this.funnel, counts);
  }

  #sizes(): Sizes {
    const { trajectories, rejected, surplus } = this.#appenders;
    return { trajectories: trajectories.size, rejected: rejected.size, surplus: surplus.size };
  }
}

async function openRows(folder: string, name: RowFile, sizes: Sizes): Promise<JsonlAppender> {
  const path = join(folder, `${name}.jsonl`);
  const size = await sizeOf(path);
  if (size > sizes[name]) await truncate(path, sizes[name]);
  const { appender } = await JsonlAppender.open(path);
  if (appender.size < sizes[name]) {
    throw new Error(
      `${path} has ${appender.size} bytes, but passages.jsonl knows of ${sizes[name]}: rows are missing`,
    );
  }
  return appender;
}

async function sizeOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 0;
    throw error;
  }
}

function nonZero(counts: FunnelCounts): FunnelCounts {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count !== 0));
}
