import { describe, expect, test } from 'vitest';
import type { Ending } from '../../core/launch/process.ts';
import { outcomeOf } from '../../train/launch/outcome.ts';

const ENDED: Ending = {
  exitCode: 0,
  signal: null,
  wasStopped: false,
  lastLines: [],
  lastError: 'OSError: [Errno 28] No space left on device',
};
const SEEN = { isFinished: false, isHurried: false, log: 'train.log' };

describe('after Ctrl-C', () => {
  const stopped = (over: Partial<Ending>) => ({ ...ENDED, wasStopped: true, ...over });

  test('a trainer that has saved is stopped', () => {
    expect(outcomeOf(stopped({ exitCode: 75 }), SEEN)).toEqual({ state: 'stopped', error: null });
  });

  test('one that could not save has failed, and its error is told', () => {
    const { state, error } = outcomeOf(stopped({ exitCode: 1 }), SEEN);
    expect(state).toBe('failed');
    expect(error).toBe(
      'the trainer ended (exit 1); its last error:\nOSError: [Errno 28] No space left on device\nits log: train.log',
    );
  });

  test('one that had to be ended after its time has failed', () => {
    const ended = stopped({ exitCode: null, signal: 'SIGKILL' });
    expect(outcomeOf(ended, SEEN)).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('signal SIGKILL'),
    });
  });

  test('one that was ended by a second Ctrl-C, or before it could listen, is stopped', () => {
    const killed = stopped({ exitCode: 143 });
    expect(outcomeOf(killed, { ...SEEN, isHurried: true }).state).toBe('stopped');
    const early = stopped({ exitCode: null, signal: 'SIGINT' });
    expect(outcomeOf(early, SEEN).state).toBe('stopped');
  });

  test('one that was done just then is finished', () => {
    const seen = { ...SEEN, isFinished: true };
    expect(outcomeOf(stopped({ exitCode: 75 }), seen).state).toBe('finished');
  });
});

test.each([
  [{ exitCode: 0 }, true, 'finished', null],
  [{ exitCode: 1 }, true, 'failed', 'the trainer ended (exit 1)'],
  [{ exitCode: 0 }, false, 'failed', 'ended well before all steps were done'],
] as const)('%j, all steps done: %s: %s', (over, isFinished, state, error) => {
  const outcome = outcomeOf({ ...ENDED, ...over }, { ...SEEN, isFinished });
  expect(outcome.state).toBe(state);
  if (error === null) expect(outcome.error).toBeNull();
  else expect(outcome.error).toContain(error);
});
