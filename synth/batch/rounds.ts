import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { JournalReader } from '../../core/llm/journal.ts';
import type { OpenRun } from '../../core/run/run-folder.ts';
import { HashSet } from '../../core/text/hash-set.ts';
import type { JobEnd } from '../run-corpus.ts';
import type { Rounds, SessionControl } from '../session.ts';
import type { BatchSettings } from './backend.ts';
import { BatchAsker, leftOf } from './batch-asker.ts';
import { BatchFolder, type BatchRecord, readBatchRecords } from './batch-folder.ts';
import { BatchMoney } from './batch-money.ts';
import { Gatherer } from './gatherer.ts';
import { BatchSender, type SentBatch } from './sender.ts';

/**
 * Goes over the corpus as often as it takes: each time every passage goes as far as the journal's answers carry it and
 * what it waits for is gathered; then that is sent as batches, and their answers go into the journal.
 */
export class BatchRounds implements Rounds {
  readonly asker: BatchAsker;
  readonly #settings: BatchSettings;
  readonly #run: OpenRun;
  readonly #endpoints: readonly NamedEndpoint[];
  #gatherer: Gatherer | undefined;
  /** The ids' hashes of the passages that have ended, or failed, in this session. */
  readonly over = new HashSet();

  constructor(
    settings: BatchSettings,
    run: OpenRun,
    endpoints: readonly NamedEndpoint[],
    others: readonly JournalReader[],
  ) {
    this.#settings = settings;
    this.#run = run;
    this.#endpoints = endpoints;
    this.asker = new BatchAsker(run, others, (endpoint) => settings.backend.priced(endpoint));
  }

  /** How many passages wait for the batches of this round. */
  get waiting(): number {
    return this.#gatherer?.passages ?? 0;
  }

  /**
   * @param pass takes every passage as far as it goes
   * @throws UsageError where batches cannot be sent; nothing is lost then
   */
  async run(pass: () => Promise<JobEnd>, control: SessionControl): Promise<JobEnd> {
    const { folder, records } = await BatchFolder.open(this.#run.folder);
    try {
      const [run, endpoints, asker] = [this.#run, this.#endpoints, this.asker];
      const { backend, busyS, looksS, note, cancel } = this.#settings;
      const money = await BatchMoney.open(run);
      const usable = await this.#usable(folder, records);
      await money.forgetAllBut(usable);
      const options = { run, folder, backend, endpoints, asker, money, busyS, looksS, note };
      const sender = new BatchSender(options);
      if (cancel) return await this.#cancel(sender, usable, control);
      const over = usable.filter(({ state }) => state === 'over');
      // Their answers lie here and are paid: they are taken whatever stops the run.
      await sender.send(over, new AbortController().signal);
      const underWay = usable.filter(({ state }) => state !== 'over');
      const end = await this.#goRound(sender, folder, underWay, pass, control);
      if (run.log.targetReached) await this.#tellOfLeft();
      return end;
    } finally {
      await folder.close();
    }
  }

  /** @param underWay batches that an earlier session left */
  async #goRound(
    sender: BatchSender,
    folder: BatchFolder,
    underWay: readonly BatchRecord[],
    pass: () => Promise<JobEnd>,
    control: SessionControl,
  ): Promise<JobEnd> {
    let failed = 0;
    let commonestFailure = '';
    for (let round = 1; ; round += 1) {
      const before = round === 1 ? underWay : [];
      const known = await this.#journal();
      try {
        const gatherer = await this.#newGatherer(folder, before);
        this.asker.beginRound(known, gatherer);
        const end = await pass();
        const batches = [...before, ...(await gatherer.close())];
        failed += end.failed;
        commonestFailure = end.commonestFailure || commonestFailure;
        const { requests } = gatherer;
        this.#run.event('batch_round', { round, requests, batches: batches.length });
        if (control.stopping.aborted || batches.length === 0)
          return { failed, commonestFailure, complete: end.complete && failed === 0 };
        if (!(await this.#send(sender, batches, control)))
          return { failed, commonestFailure, complete: false };
      } finally {
        await known.close();
      }
    }
  }

  /** What the journal has answered of passages that have not ended. */
  #journal(): Promise<JournalReader> {
    const isOver = (id: string) => this.#run.log.isDone(id) || this.over.has(sha256(id));
    const path = join(this.#run.folder, 'journal.jsonl');
    return JournalReader.open(path, ({ passage }) => !isOver(passage));
  }

  /** Sends batches; false when the run is to stop. @throws UsageError where a round brought nothing */
  async #send(
    sender: BatchSender,
    records: readonly BatchRecord[],
    { stopping, stop }: SessionControl,
  ): Promise<boolean> {
    let sent: SentBatch[];
    try {
      sent = await sender.send(records, stopping);
    } catch (error) {
      // They go on without us; the session knows why it stops.
      if (stopping.aborted && !(error instanceof UsageError)) return false;
      throw error;
    }
    const cancelled = sent.find(({ end }) => end?.kind === 'cancelled');
    if (cancelled !== undefined) {
      stop(
        `batch ${cancelled.record.remote} was cancelled; the same command sends what is left of it again`,
      );
      return false;
    }
    if (sent.every(({ delivery }) => delivery === null)) {
      stop('the budget is spent');
      return false;
    }
    requireProgress(sent);
    return !stopping.aborted;
  }

  async #cancel(
    sender: BatchSender,
    records: readonly BatchRecord[],
    { stop }: SessionControl,
  ): Promise<JobEnd> {
    const never = new AbortController().signal;
    const sent = await sender.cancel(records, never);
    await sender.send(sent, never, false);
    stop(
      sent.length === 0
        ? 'no batch was under way'
        : `${sent.length} batches were cancelled; what they had answered is kept`,
    );
    return { failed: 0, commonestFailure: '', complete: false };
  }

  /** Others may reach a target that is shared while batches are under way, whose answers nobody needs then. */
  async #tellOfLeft(): Promise<void> {
    const records = await readBatchRecords(this.#run.folder);
    const left = records.filter(({ state }) => state === 'sent' || state === 'sending');
    if (left.length === 0) return;
    this.#settings.note(
      `the target is reached, and ${left.length} batches of this run go on and are billed; the same command with --cancel ends them and keeps what they have answered`,
    );
  }

  async #newGatherer(folder: BatchFolder, underWay: readonly BatchRecord[]): Promise<Gatherer> {
    const { backend } = this.#settings;
    const gatherer = new Gatherer({
      folder,
      highestUsd: leftOf(this.#run.budget),
      placeOf: (name) => {
        const endpoint = this.#endpoints.find((one) => one.name === name);
        if (endpoint === undefined) throw new Error(`endpoint ${name} is none of this run's`);
        return { place: backend.place(endpoint), limits: backend.limits(endpoint) };
      },
    });
    for (const { number } of underWay) await gatherer.leaveOut(folder.files(number).about);
    this.#gatherer = gatherer;
    return gatherer;
  }

  /** What was only gathered is gathered anew: some of it may have its answer now. What may be under way must be within reach. */
  async #usable(folder: BatchFolder, records: readonly BatchRecord[]): Promise<BatchRecord[]> {
    const usable: BatchRecord[] = [];
    for (const record of records) {
      const isReachable = this.#isReachable(record);
      if (record.state === 'gathered') await folder.remove(record);
      else if (isReachable) usable.push(record);
      else throw elsewhere(record);
    }
    return usable;
  }

  #isReachable({ endpoint: name, model, place }: BatchRecord): boolean {
    const endpoint = this.#endpoints.find((one) => one.name === name);
    if (endpoint === undefined || endpoint.model !== model) return false;
    return this.#settings.backend.place(endpoint) === place;
  }
}

const MANY_LINES = 10;

function requireProgress(sent: readonly SentBatch[]): void {
  const brought = sent.some(
    ({ delivery }) => (delivery?.answered ?? 0) + (delivery?.failed ?? 0) > 0,
  );
  const tried = sent.filter(({ delivery }) => delivery !== null);
  const lines = tried.reduce((sum, { record }) => sum + record.requests, 0);
  // A few are given up when their tries are over; so many at once say that something else is wrong.
  if (brought || lines < MANY_LINES) return;
  const reasons = [...new Set(sent.map(({ end }) => end?.reason).filter(Boolean))];
  throw new UsageError(
    `no batch of the round brought an answer${reasons.length === 0 ? '' : ` (${reasons.join('; ')})`}; what was asked is sent again when you run the same command again`,
  );
}

function elsewhere({ number, remote, endpoint, model, place }: BatchRecord): UsageError {
  return new UsageError(
    `batch ${number}${remote === null ? '' : ` (${remote})`} of this run is under way at endpoint ${endpoint} (${model}, ${place}), which this command does not use; go on with that endpoint, or end the batch there with the same flags and --cancel`,
  );
}
