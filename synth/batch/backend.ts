import type { BatchLimits } from '../../core/llm/batch-terms.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { BatchFiles, BatchRecord } from './batch-folder.ts';

/** A batch with its endpoint and files, as what runs it sees it. */
export interface OutgoingBatch {
  record: BatchRecord;
  endpoint: NamedEndpoint;
  files: BatchFiles;
}

/** How far a batch is. */
export interface BatchCounts {
  /** Its own word for it: validating, in_progress, PENDING, ... */
  state: string;
  done: number;
}

/**
 * How a batch ended: `done` has its results in its files (an expired one those that there were in time), `cancelled`
 * too, but somebody ended it. The others have none: one is to begin `again`, one was not taken for want of room
 * (`busy`), one not at all (`failed`).
 */
export interface BatchEnd {
  kind: 'done' | 'cancelled' | 'again' | 'busy' | 'failed';
  /** For people; '' where there is nothing to say. */
  reason: string;
}

/** What runs batches: a provider's Batch API, or `vllm run-batch`. */
export interface BatchBackend {
  /** Where batches of an endpoint run, as their records have it. */
  place(endpoint: NamedEndpoint): string;
  limits(endpoint: NamedEndpoint): BatchLimits;
  /** The endpoint with the prices that hold in a batch. */
  priced(endpoint: NamedEndpoint): NamedEndpoint;
  /** Brings a batch's lines to where it can begin; costs nothing. The value goes to `begin`. */
  prepare(batch: OutgoingBatch, signal: AbortSignal): Promise<string>;
  /**
   * Begins a batch and gives the id under which it is known there.
   * @throws RequestFailedError where it may have begun all the same; UsageError where it has not
   */
  begin(batch: OutgoingBatch, prepared: string): Promise<string>;
  /** The id of a batch that may have begun before a kill; undefined where it has not. */
  find(batch: OutgoingBatch, signal: AbortSignal): Promise<string | undefined>;
  /** Waits for a batch's end and fetches its results. @throws the signal's reason; the batch goes on then */
  wait(
    batch: OutgoingBatch,
    remote: string,
    signal: AbortSignal,
    onCounts: (counts: BatchCounts) => void,
  ): Promise<BatchEnd>;
  cancel(batch: OutgoingBatch, remote: string): Promise<void>;
  /** What would be run for a batch, as a person would write it; undefined where it is no program. */
  preview?(batch: OutgoingBatch): string;
  /** What a user is told of a batch that is left running. */
  leftRunning(batch: BatchRecord): string;
}

/** How a run asks in batches. */
export interface BatchSettings {
  backend: BatchBackend;
  /** End the batches that are under way, keep what they have answered, and stop. */
  cancel: boolean;
  /** Seconds until a batch that was not taken for want of room is offered again. */
  busyS: number;
  /** Seconds between the looks for a batch that may have been made although nobody said so; then it is made again. */
  looksS: readonly number[];
  /** Told what becomes of batches, line by line. */
  note: (line: string) => void;
}
