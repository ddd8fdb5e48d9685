import { z } from 'zod';
import type { ProgressForm } from './trainers/plan.ts';

/** What a trainer said of a step. */
export interface ProgressLine {
  step: number;
  /** Steps in all. */
  maxSteps: number;
  loss: number | null;
  evalLoss: number | null;
  learningRate: number | null;
  epoch: number | null;
  /** The loss was no number: the training has come apart. */
  isBroken: boolean;
}

/**
 * Reads a line of a trainer's progress file. Lines that tell of something else (a save, the end) and lines that were
 * cut off give null.
 */
export function readProgressLine(form: ProgressForm, line: string): ProgressLine | null {
  const isBroken = /"loss": "?(NaN|-?Infinity|nan)/.test(line);
  let value: unknown;
  try {
    value = JSON.parse(line.replaceAll(NOT_JSON, ': null'));
  } catch {
    return null;
  }
  const read = READERS[form](value);
  return read === null ? null : { ...read, isBroken };
}

// So Python writes down what is no number.
const NOT_JSON = /: (NaN|-?Infinity)/g;

type Read = Omit<ProgressLine, 'isBroken'> | null;

const READERS: Record<ProgressForm, (value: unknown) => Read> = {
  callback: readCallback,
  llamafactory: readLlamaFactory,
  swift: readSwift,
};

// ms-swift writes some numbers as strings.
const Some = z.coerce.number().nullable().catch(null).default(null);

const Callback = z.object({
  event: z.literal('log'),
  step: z.number(),
  max_steps: z.number(),
  loss: Some,
  eval_loss: Some,
  learning_rate: Some,
  epoch: Some,
});

/** A line of run_trainer.py. */
function readCallback(value: unknown): Read {
  const parsed = Callback.safeParse(value);
  if (!parsed.success) return null;
  const { step, max_steps, loss, eval_loss, learning_rate, epoch } = parsed.data;
  return {
    step,
    maxSteps: max_steps,
    loss,
    evalLoss: eval_loss,
    learningRate: learning_rate,
    epoch,
  };
}

const LlamaFactory = z.object({
  current_steps: z.number(),
  total_steps: z.number(),
  loss: Some,
  eval_loss: Some,
  lr: Some,
  epoch: Some,
});

/** A line of trainer_log.jsonl. */
function readLlamaFactory(value: unknown): Read {
  const parsed = LlamaFactory.safeParse(value);
  if (!parsed.success) return null;
  const { current_steps, total_steps, loss, eval_loss, lr, epoch } = parsed.data;
  return {
    step: current_steps,
    maxSteps: total_steps,
    loss,
    evalLoss: eval_loss,
    learningRate: lr,
    epoch,
  };
}

const Swift = z.object({
  'global_step/max_steps': z.string().regex(/^\d+\/\d+$/),
  loss: Some,
  eval_loss: Some,
  learning_rate: Some,
  epoch: Some,
});

/** A line of logging.jsonl. */
function readSwift(value: unknown): Read {
  const parsed = Swift.safeParse(value);
  if (!parsed.success) return null;
  const { loss, eval_loss, learning_rate, epoch } = parsed.data;
  const [step = 0, maxSteps = 0] = parsed.data['global_step/max_steps'].split('/').map(Number);
  return {
    step,
    maxSteps,
    loss,
    evalLoss: eval_loss,
    learningRate: learning_rate,
    epoch,
  };
}

/** What run_trainer.py says of a moment, whatever the trainer. */
export interface Moment {
  /** The training begins (again), something was logged, or it is over. */
  event: 'begin' | 'log' | 'end';
  step: number;
  maxSteps: number;
  /** Since 1970. */
  seconds: number;
  /** Tokens trained so far, all GPUs together; null where the trainer does not count. */
  tokens: number | null;
  /** Highest memory of one GPU so far. */
  peakMemoryGb: number | null;
}

/** Reads a line of run_trainer.py; null for one that was cut off or tells of something else. */
export function readMoment(line: string): Moment | null {
  let value: unknown;
  try {
    value = JSON.parse(line.replaceAll(NOT_JSON, ': null'));
  } catch {
    return null;
  }
  const parsed = MomentLine.safeParse(value);
  if (!parsed.success) return null;
  const { event, step, max_steps, time, num_tokens, num_input_tokens_seen } = parsed.data;
  return {
    event,
    step,
    maxSteps: max_steps,
    seconds: time,
    // TRL counts under a name of its own.
    tokens: num_tokens ?? num_input_tokens_seen,
    peakMemoryGb: parsed.data.peak_memory_gb,
  };
}

const MomentLine = z.object({
  event: z.enum(['begin', 'log', 'end']),
  step: z.number(),
  max_steps: z.number(),
  time: z.number(),
  num_tokens: Some,
  num_input_tokens_seen: Some,
  peak_memory_gb: Some,
});
