import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { replaceFile } from '../core/write-file.ts';
import type { ProgressLine } from './progress.ts';

/** A line of loss.jsonl. */
export const LossPoint = z.object({
  step: z.number(),
  loss: z.number().nullable(),
  eval_loss: z.number().nullable(),
  learning_rate: z.number().nullable(),
  epoch: z.number().nullable(),
});
export type LossPoint = z.infer<typeof LossPoint>;

/**
 * The losses of a training over all its starts, one point a step. What a start that was resumed says of a step takes
 * the place of what was said before; steps after the checkpoint it goes on from are forgotten.
 */
export class LossRecord {
  readonly #points: Map<number, LossPoint>;

  constructor(before: readonly LossPoint[], goesOnFrom: number) {
    this.#points = new Map(before.map((point) => [point.step, point]));
    this.forgetAfter(goesOnFrom);
  }

  /** A start goes on from an earlier step than the last one reached. */
  forgetAfter(step: number): void {
    for (const known of this.#points.keys()) if (known > step) this.#points.delete(known);
  }

  add(line: ProgressLine): void {
    if (line.loss === null && line.evalLoss === null) return;
    const known = this.#points.get(line.step);
    this.#points.set(line.step, {
      step: line.step,
      loss: line.loss ?? known?.loss ?? null,
      eval_loss: line.evalLoss ?? known?.eval_loss ?? null,
      learning_rate: line.learningRate ?? known?.learning_rate ?? null,
      epoch: line.epoch ?? known?.epoch ?? null,
    });
  }

  /** In the order of steps. */
  points(): LossPoint[] {
    return [...this.#points.values()].sort((a, b) => a.step - b.step);
  }
}

/** The points of a loss.jsonl; none where it is not there. A line that was cut off is passed over. */
export async function readLossPoints(path: string): Promise<LossPoint[]> {
  const text = await readFile(path, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => {
    try {
      return [LossPoint.parse(JSON.parse(line))];
    } catch {
      return [];
    }
  });
}

export async function writeLossPoints(path: string, points: readonly LossPoint[]): Promise<void> {
  await replaceFile(path, points.map((point) => `${JSON.stringify(point)}\n`).join(''));
}
