import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { OpenRun } from '../../core/run/run-folder.ts';
import type { BatchBackend } from './backend.ts';
import type { BatchAsker } from './batch-asker.ts';
import type { BatchFolder } from './batch-folder.ts';
import type { BatchMoney } from './batch-money.ts';

/** What batches are sent, waited for and ended with. */
export interface SenderOptions {
  run: OpenRun;
  folder: BatchFolder;
  backend: BatchBackend;
  endpoints: readonly NamedEndpoint[];
  asker: BatchAsker;
  money: BatchMoney;
  /** Seconds until a batch that was not taken for want of room is offered again. */
  busyS: number;
  /** Seconds between the looks for a batch that may have been made although nobody said so. */
  looksS: readonly number[];
  /** What people are told, line by line. */
  note: (line: string) => void;
}
