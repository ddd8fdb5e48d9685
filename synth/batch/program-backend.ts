import { existsSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { UsageError } from '../../core/errors.ts';
import type { BatchLimits } from '../../core/llm/batch-terms.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { BatchBackend, BatchCounts, BatchEnd, OutgoingBatch } from './backend.ts';
import type { BatchRecord } from './batch-folder.ts';

/** Runs a batch's input file to its end; what it leaves in the output file is taken, also when it fails. */
export interface BatchProgram {
  /** Its name, for people and in the records. */
  name: string;
  /** What would be run, as a person would write it. */
  preview?: (batch: OutgoingBatch) => string;
  /**
   * @returns why it ended before its last line; '' where it did not
   * @throws the signal's reason when it was ended; UsageError where it failed without an answer
   */
  run(
    batch: OutgoingBatch,
    signal: AbortSignal,
    onCounts: (counts: BatchCounts) => void,
  ): Promise<string>;
}

/** A program loads a model for each batch, so the fewer the better; a batch's lines are known in memory by their keys. */
const LIMITS: BatchLimits = { requests: 250_000, bytes: 4_000_000_000 };

/** How much goes into one batch of a program, unless the endpoint's entry says otherwise. */
export function programLimits(endpoint: NamedEndpoint): BatchLimits {
  const { batch_max_requests: requests, batch_max_bytes: bytes } = endpoint;
  return { requests: requests ?? LIMITS.requests, bytes: bytes ?? LIMITS.bytes };
}

/** Batches by a program of this machine, which ends with this process. */
export class ProgramBackend implements BatchBackend {
  readonly #program: BatchProgram;
  readonly #begun = new Set<string>();
  /** One after another: two would want the same GPUs. */
  #running: Promise<unknown> = Promise.resolve();

  constructor(program: BatchProgram) {
    this.#program = program;
  }

  place(): string {
    return this.#program.name;
  }

  limits(endpoint: NamedEndpoint): BatchLimits {
    return programLimits(endpoint);
  }

  /** The hours of one's own GPUs have no discount. */
  priced(endpoint: NamedEndpoint): NamedEndpoint {
    return endpoint;
  }

  async prepare(): Promise<string> {
    return '';
  }

  async begin({ record }: OutgoingBatch): Promise<string> {
    this.#begun.add(record.token);
    return record.token.slice(0, 8);
  }

  async find(): Promise<undefined> {
    return undefined;
  }

  /** One that an earlier process began has ended with it; what it had written is taken. */
  async wait(
    batch: OutgoingBatch,
    _remote: string,
    signal: AbortSignal,
    onCounts: (counts: BatchCounts) => void,
  ): Promise<BatchEnd> {
    if (!this.#begun.has(batch.record.token)) return leftBehind(batch);
    const run = this.#running.then(() => this.#program.run(batch, signal, onCounts));
    this.#running = run.catch(() => {});
    return { kind: 'done', reason: await run };
  }

  async cancel(): Promise<void> {}

  preview(batch: OutgoingBatch): string {
    const { preview } = this.#program;
    if (preview === undefined)
      throw new UsageError(`${this.#program.name} has no command to be shown`);
    return preview(batch);
  }

  leftRunning({ number, requests }: BatchRecord): string {
    return `batch ${number} (${requests} requests) was ended; the same command takes what it had done and begins the rest again`;
  }
}

async function leftBehind({ files }: OutgoingBatch): Promise<BatchEnd> {
  const isThere = existsSync(files.output) && (await stat(files.output)).size > 0;
  return isThere
    ? { kind: 'done', reason: 'it was ended before its end' }
    : { kind: 'again', reason: 'it was ended before its first answer' };
}
