import { mkdir, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { errorMessage, UsageError } from '../errors.ts';
import { JsonlAppender } from '../jsonl-append.ts';
import { Budget } from '../llm/budget.ts';
import { JournalReader, JournalWriter } from '../llm/journal.ts';
import type { JournalLine } from '../llm/journal-line.ts';
import { Ledger } from '../llm/ledger.ts';
import { replaceFile } from '../write-file.ts';
import { CommitLog } from './commit-log.ts';
import { type FingerprintParts, fingerprintOf, requireSameFingerprint } from './fingerprint.ts';
import { removeLeftovers } from './leftovers.ts';
import { lockRun } from './lock.ts';
import { type Manifest, type RunState, readManifest, writeManifest } from './manifest.ts';
import type { RowTarget } from './row-target.ts';
import { notMerged, shardsIn } from './shard.ts';

export interface RunSettings {
  /** The resolved configuration, as config.yaml keeps it. */
  config: unknown;
  /** Lines above it, as comments. */
  configNotes: string[];
  fingerprintParts: FingerprintParts;
  method: string;
  offline: boolean;
  ablation: Manifest['ablation'];
  versions: Record<string, string>;
  /** Of this run alone, or shared with others. */
  target: number | null | RowTarget;
  budgetUsd: number | null;
  /** Which part of a corpus it works on. */
  shard?: Manifest['shard'];
  /** What the user can do where the folder was begun with other settings; another run unless given. */
  wayOut?: readonly string[] | undefined;
}

/** A run that this process holds: what earlier sessions left, and where this one writes. */
export interface OpenRun {
  folder: string;
  fingerprint: string;
  journal: JournalWriter;
  /** This run's earlier answers for passages that have not ended. */
  own: JournalReader;
  ledger: Ledger;
  budget: Budget;
  log: CommitLog;
  resumed: boolean;
  event(kind: string, details: Record<string, unknown>): void;
  saveManifest(state: RunState, message: string | null, live: LiveFigures): Promise<void>;
  close(): Promise<void>;
}

interface LiveFigures {
  corpus: Record<string, unknown>;
  failedPassages: number;
}

/**
 * Opens a run folder, new or left by an earlier session, and takes its lock.
 * @throws UsageError when it is in use, was begun with other settings, or is no run's folder
 */
export async function openRun(folder: string, settings: RunSettings): Promise<OpenRun> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new UsageError(
      `the run's folder ${folder} cannot be made: ${errorMessage(cause)}; give another --run, or make its parent writable`,
      { cause },
    );
  });
  const release = await lockRun(folder);
  try {
    return await openLocked(folder, settings, release);
  } catch (error) {
    await release();
    throw error;
  }
}

async function openLocked(
  folder: string,
  settings: RunSettings,
  release: () => Promise<void>,
): Promise<OpenRun> {
  const before = await readManifest(folder);
  requireUnmerged(folder, before);
  if (before === undefined) await requireFresh(folder);
  else if (await hasAnswers(folder))
    requireSameFingerprint(
      folder,
      before.fingerprint_parts,
      settings.fingerprintParts,
      settings.wayOut,
    );
  await removeLeftovers(folder);
  const log = await CommitLog.open(folder, settings.target);
  const notes = settings.configNotes.map((line) => `# ${line.replaceAll(/\s+/g, ' ')}\n`).join('');
  await replaceFile(join(folder, 'config.yaml'), `${notes}${stringify(settings.config)}`);
  const { journal, tornBytes } = await JournalWriter.open(join(folder, 'journal.jsonl'));
  const ledger = new Ledger();
  const spent = new Spent(ledger);
  const own = await JournalReader.open(
    join(folder, 'journal.jsonl'),
    (head) => !log.isDone(head.passage),
    (line) => spent.note(line),
  );
  const budget = new Budget(settings.budgetUsd, spent.totalUsd);
  const { appender: events } = await JsonlAppender.open(join(folder, 'events.jsonl'));
  const event = (kind: string, details: Record<string, unknown>) =>
    // An event that cannot be written must not end the run: the row files' own errors do.
    void events.append({ at: new Date().toISOString(), kind, ...details }).catch(() => {});
  if (tornBytes > 0) event('journal_recovered', { torn_bytes: tornBytes });
  const manifests = new Manifests(folder, settings, before, log, ledger, budget);
  return {
    folder,
    fingerprint: manifests.fingerprint,
    journal,
    own,
    ledger,
    budget,
    log,
    resumed: before !== undefined,
    event,
    saveManifest: async (state, message, live) => {
      // A run that says how it ended has its rows on the disk.
      if (state === 'finished' || state === 'stopped')
        await Promise.all([log.flush(), journal.flush()]);
      await manifests.save(state, message, live);
    },
    close: async () => {
      await manifests.settled();
      await Promise.all([log.close(), journal.close(), own.close(), events.close()]);
      await release();
    },
  };
}

/** A merged run's answers and marks of progress are its parts': nothing can be added to it. */
function requireUnmerged(folder: string, before: Manifest | undefined): void {
  if (before?.merged === undefined) return;
  throw new UsageError(
    `${folder} was merged from ${before.merged.length} other runs: go on with these (${before.merged[0]?.folder}, ...) and merge again, or give another --run`,
  );
}

/** A run that ended before its first answer binds nobody to its settings. */
async function hasAnswers(folder: string): Promise<boolean> {
  const sizes = await Promise.all(
    ['journal.jsonl', 'passages.jsonl'].map((name) => stat(join(folder, name)).catch(() => null)),
  );
  return sizes.some((file) => file !== null && file.size > 0);
}

/** A folder with other people's files in it is not taken for a run; a lock alone is ours. */
async function requireFresh(folder: string): Promise<void> {
  const others = (await readdir(folder)).filter(
    (name) => !['lock', 'servers'].includes(name) && !name.endsWith('.tmp'),
  );
  const ours = ['passages', 'journal', 'events', 'trajectories', 'rejected', 'surplus'].map(
    (name) => `${name}.jsonl`,
  );
  const foreign = others.filter(
    (name) => !ours.includes(name) && !['config.yaml', 'prompts'].includes(name),
  );
  // A run killed before its first manifest has passages.jsonl, which is made first; a config.yaml alone is the user's.
  if (foreign.length === 0 && (others.length === 0 || others.includes('passages.jsonl'))) return;
  if (shardsIn(folder).length > 0) throw new UsageError(notMerged(folder));
  throw new UsageError(
    `${folder} is no run's folder (it holds ${[...new Set([...foreign, ...others])].slice(0, 3).join(', ')} but no manifest.json); give another --run name`,
  );
}

/** Adds up what a journal's lines cost: answers, and requests sent of which nothing more is known. */
export class Spent {
  readonly #ledger: Ledger;
  readonly #open = new Map<string, number>();
  #usd = 0;

  constructor(ledger: Ledger) {
    this.#ledger = ledger;
  }

  get totalUsd(): number {
    return [...this.#open.values()].reduce((sum, usd) => sum + usd, this.#usd);
  }

  note(line: JournalLine): void {
    if ('sent' in line) {
      // Sent before and never heard of: a kill came between.
      this.#settle(line.sent, this.#open.get(line.sent) ?? 0);
      this.#open.set(line.sent, line.reserved_usd);
    } else if ('lost' in line) this.#settle(line.lost, line.spent_usd);
    else if (line.reused) this.#ledger.reused(line.stage, line.endpoint);
    else {
      this.#settle(line.key, line.cost_usd);
      this.#ledger.paid(line.stage, line.endpoint, line, line.cost_usd, line.seconds);
    }
  }

  #settle(key: string, usd: number): void {
    this.#open.delete(key);
    this.#usd += usd;
  }
}

class Manifests {
  readonly fingerprint: string;
  readonly #folder: string;
  readonly #settings: RunSettings;
  readonly #before: Manifest | undefined;
  readonly #log: CommitLog;
  readonly #ledger: Ledger;
  readonly #budget: Budget;
  readonly #startedAt = new Date().toISOString();
  /** The clock may be set while the run is under way; this one not. */
  readonly #start = performance.now();
  #last: Promise<unknown> = Promise.resolve();

  constructor(
    folder: string,
    settings: RunSettings,
    before: Manifest | undefined,
    log: CommitLog,
    ledger: Ledger,
    budget: Budget,
  ) {
    this.fingerprint = fingerprintOf(settings.fingerprintParts);
    this.#folder = folder;
    this.#settings = settings;
    this.#before = before;
    this.#log = log;
    this.#ledger = ledger;
    this.#budget = budget;
  }

  /** Saves follow one another, so that an older state never replaces a newer one. */
  save(state: RunState, message: string | null, live: LiveFigures): Promise<void> {
    const saved = this.#last.then(() => this.#write(state, message, live));
    this.#last = saved.catch(() => {});
    return saved;
  }

  /** Waits for the save under way: none may come after the lock is let go. */
  async settled(): Promise<void> {
    await this.#last;
  }

  async #write(state: RunState, message: string | null, live: LiveFigures): Promise<void> {
    const { method, offline, ablation, versions, fingerprintParts, shard } = this.#settings;
    const total = this.#ledger.total();
    await writeManifest(this.#folder, {
      schema_version: 1,
      name: basename(this.#folder),
      state,
      message,
      method,
      offline,
      ablation,
      fingerprint: this.fingerprint,
      fingerprint_parts: fingerprintParts,
      versions,
      started_at: this.#before?.started_at ?? this.#startedAt,
      updated_at: new Date().toISOString(),
      seconds:
        Math.round(((this.#before?.seconds ?? 0) + (performance.now() - this.#start) / 1000) * 10) /
        10,
      sessions: (this.#before?.sessions ?? 0) + 1,
      funnel: this.#log.funnel,
      failed_passages: live.failedPassages,
      corpus: live.corpus,
      bills: this.#ledger.entries(),
      total,
      unaccounted_usd: Math.max(0, this.#budget.spentUsd - total.cost_usd),
      ...(shard === undefined ? {} : { shard }),
    });
  }
}
