import { describe, expect, test } from 'vitest';
import { progressText } from '../../train/launch/progress-text.ts';
import { Tracker } from '../../train/launch/tracker.ts';
import { LossRecord } from '../../train/loss-record.ts';
import { readProgressLine } from '../../train/progress.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

/** As each trainer wrote them (versions of docs/trainers.md), shortened. */
const LINES = {
  callback:
    '{"time": 1795266933.8, "step": 3, "max_steps": 12, "event": "log", "loss": 5.9, "learning_rate": 0.003, "num_tokens": 12950.0, "epoch": 0.1}',
  llamafactory:
    '{"current_steps": 3, "total_steps": 12, "loss": 5.9, "lr": 0.003, "epoch": 0.1, "percentage": 25.0, "remaining_time": "0:01:00"}',
  swift:
    '{"loss": 5.9, "grad_norm": 1.3, "learning_rate": 0.003, "epoch": 0.1, "global_step/max_steps": "3/12", "elapsed_time": "3s"}',
} as const;

describe.each(Object.keys(LINES) as (keyof typeof LINES)[])('the progress file of %s', (form) => {
  test('tells step, loss and rate', () => {
    expect(readProgressLine(form, LINES[form])).toEqual({
      step: 3,
      maxSteps: 12,
      loss: 5.9,
      evalLoss: null,
      learningRate: 0.003,
      epoch: 0.1,
      isBroken: false,
    });
  });

  test('tells when the loss is no number', () => {
    const line = LINES[form].replace('"loss": 5.9', '"loss": NaN');
    expect(readProgressLine(form, line)).toMatchObject({ loss: null, isBroken: true });
  });

  test('holds lines that tell of something else, or are cut off', () => {
    expect(readProgressLine(form, LINES[form].slice(0, -9))).toBeNull();
    expect(readProgressLine(form, '{"train_runtime": 12.5}')).toBeNull();
  });
});

describe('what is shown while it trains', () => {
  test('speed and time left come from times and tokens of this start', async () => {
    const tracker = await opened(0);
    tracker.addMoment(moment('begin', 0, 0));
    for (const step of [1, 2, 3]) {
      tracker.addMoment(moment('log', step, 100 + 10 * step, 1000 * step));
      tracker.add('callback', moment('log', step, 0));
    }
    expect(tracker.seen()).toMatchObject({ tokensPerSecond: 100, secondsLeft: 90 });
    expect(progressText(tracker.seen())).toBe(
      'step 3 of 12, loss 0.3000, 100 tokens/s, 1 min 30 s left',
    );
  });

  test('tokens that the trainer does not count are estimated, and said to be', async () => {
    const tracker = await opened(0);
    for (const step of [1, 2]) tracker.addMoment(moment('log', step, 10 * step));
    expect(progressText(tracker.seen())).toContain('about 50 tokens/s');
  });

  test('a beginning forgets the steps that are done again, and none of its own', async () => {
    const tracker = await opened(0);
    const lines = ['begin 0', 'log 1', 'log 2', 'log 3', 'begin 2', 'log 3', 'log 4'];
    for (const [at, line] of lines.entries()) {
      const [event = '', step] = line.split(' ');
      tracker.add('callback', moment(event, Number(step), at));
      if (line === 'begin 2') expect(tracker.seen().loss.last).toBe(0.2);
    }
    expect(tracker.seen()).toMatchObject({ steps: { done: 4 }, loss: { first: 0.1, last: 0.4 } });
  });

  test('a beginning that is read behind the losses does not take back their steps', async () => {
    const tracker = await opened(0);
    tracker.add('llamafactory', LINES.llamafactory);
    for (const [event, step] of [
      ['begin', 0],
      ['log', 1],
      ['log', 3],
    ] as const)
      tracker.addMoment(moment(event, step, step));
    expect(progressText(tracker.seen())).toMatch(/^step 3 of 12, loss 5.900/);
  });

  test('it is finished only when all steps are done', async () => {
    const tracker = await opened(0);
    tracker.addMoment(moment('end', 5, 0));
    expect(tracker.isFinished()).toBe(false);
    tracker.addMoment(moment('end', 12, 0));
    expect(tracker.isFinished()).toBe(true);
  });
});

test('a start that is resumed replaces the losses after its checkpoint', () => {
  const point = (step: number, loss: number) => ({
    step,
    loss,
    eval_loss: null,
    learning_rate: null,
    epoch: null,
  });
  const record = new LossRecord([point(1, 3), point(2, 2), point(3, 1)], 2);
  record.add({
    step: 4,
    maxSteps: 9,
    loss: 0.5,
    evalLoss: null,
    learningRate: null,
    epoch: null,
    isBroken: false,
  });
  expect(record.points().map(({ step, loss }) => [step, loss])).toEqual([
    [1, 3],
    [2, 2],
    [4, 0.5],
  ]);
});

async function opened(fromStep: number): Promise<Tracker> {
  return Tracker.open(await temporaryFolder(), { title: 't', tokensPerStep: 500, fromStep });
}

function moment(event: string, step: number, time: number, num_tokens?: number): string {
  const loss = step / 10;
  return JSON.stringify({ event, step, max_steps: 12, time, loss, num_tokens });
}
