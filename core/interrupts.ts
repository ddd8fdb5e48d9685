import { terminal } from './terminal.ts';

/**
 * The first SIGINT or SIGTERM asks for a clean stop (answers on their way are awaited and kept), the second ends the
 * requests in flight. `says` replaces what the user is told where it is no requests that are waited for.
 */
export function watchInterrupts(
  says = {
    first: 'stopping: waiting for the answers on their way (again to give them up)',
    second: 'ending the requests in flight',
  },
): {
  stopping: AbortSignal;
  aborting: AbortSignal;
  forget: () => void;
} {
  const stopping = new AbortController();
  const aborting = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) {
      terminal.note(says.second);
      aborting.abort();
      return;
    }
    terminal.note(says.first);
    stopping.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return {
    stopping: stopping.signal,
    aborting: aborting.signal,
    forget: () => {
      process.off('SIGINT', onSignal);
      process.off('SIGTERM', onSignal);
    },
  };
}
