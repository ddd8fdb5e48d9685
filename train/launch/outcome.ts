import { describeEnding, type Ending } from '../../core/launch/process.ts';

/** How a start ended. */
export interface Outcome {
  state: 'finished' | 'stopped' | 'failed';
  error: string | null;
}

/** The exit status of pass_interrupt.py where a training was asked to stop and its trainer has ended well, so saved. */
export const CUT_SHORT = 75;

/** How a training on this machine ended. `isFinished`: all steps are done; `isHurried`: there were two Ctrl-C. */
export function outcomeOf(
  ending: Ending,
  { isFinished, isHurried, log }: { isFinished: boolean; isHurried: boolean; log: string },
): Outcome {
  const { exitCode, signal } = ending;
  // Finished just as it was asked to stop, it says "cut short".
  if (isFinished && (exitCode === 0 || exitCode === CUT_SHORT))
    return { state: 'finished', error: null };
  // By SIGINT only before there was anything to save: pass_interrupt.py takes it from then on.
  if (exitCode === CUT_SHORT || isHurried || signal === 'SIGINT')
    return { state: 'stopped', error: null };
  const how =
    exitCode === 0
      ? 'the trainer ended well before all steps were done'
      : describeEnding('the trainer', ending);
  return { state: 'failed', error: `${how}\nits log: ${log}` };
}
