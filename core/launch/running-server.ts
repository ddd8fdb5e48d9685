import { errorMessage, UsageError } from '../errors.ts';

/** A model server that was started, here or on a cluster. */
export interface RunningServer {
  /** `http://HOST:PORT`, without /v1. */
  root: string;
  /** Aborted when it is over; the reason is a UsageError with its own last error. */
  over: AbortSignal;
  /** Ends it and waits until it is gone. */
  stop(): Promise<void>;
}

/** Ends a server because of an error, and throws that; with it, why the server could not be ended. */
export async function stopAfter(
  error: unknown,
  { stop }: Pick<RunningServer, 'stop'>,
): Promise<never> {
  await stop().catch((cause: unknown) => {
    throw new UsageError(`${errorMessage(error)}\n${errorMessage(cause)}`, { cause: error });
  });
  throw error;
}
