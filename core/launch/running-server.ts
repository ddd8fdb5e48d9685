/** A model server that was started, here or on a cluster. */
export interface RunningServer {
  /** `http://HOST:PORT`, without /v1. */
  root: string;
  /** Aborted when it is over; the reason is a UsageError with its own last error. */
  over: AbortSignal;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}
