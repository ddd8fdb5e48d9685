import { terminal } from './terminal.ts';

/**
 * The first SIGINT or SIGTERM asks for a clean stop (answers on their way are awaited and kept), the second ends the
 * requests in flight.
 */
export function watchInterrupts(): {
  stopping: AbortSignal;
  aborting: AbortSignal;
  forget: () => void;
} {
  const stopping = new AbortController();
  const aborting = new AbortController();
  const onSignal = () => {
    if (stopping.signal.aborted) {
      terminal.note('ending the requests in flight');
      aborting.abort();
      return;
    }
    terminal.note('stopping: waiting for the answers on their way (again to give them up)');
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
