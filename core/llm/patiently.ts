import { backOff } from './backoff.ts';
import { RequestFailedError } from './engine.ts';
import { classifyFailure, type Failure } from './failure.ts';

/**
 * Does something with a server, again while it is throttled or the connection fails.
 * @param tries at most; the waits grow to a minute
 * @param onFailure told of each failed try
 * @throws RequestFailedError with the last failure; the signal's reason
 */
export async function patiently<T>(
  act: () => Promise<T>,
  {
    tries,
    signal,
    onFailure = () => {},
  }: { tries: number; signal: AbortSignal; onFailure?: (failure: Failure) => void },
): Promise<T> {
  for (let count = 1; ; count += 1) {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      const failure = classifyFailure(error);
      onFailure(failure);
      const mayPass = failure.kind === 'transport' || failure.kind === 'throttled';
      if (!mayPass || count >= tries) throw new RequestFailedError(failure, error);
      await backOff(failure, count, signal);
    }
  }
}
