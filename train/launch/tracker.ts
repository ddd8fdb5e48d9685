import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { lossChart } from '../loss-chart.ts';
import { LossRecord, readLossPoints, writeLossPoints } from '../loss-record.ts';
import type { TrainManifest } from '../manifest.ts';
import { type Moment, readMoment, readProgressLine } from '../progress.ts';
import type { ProgressForm } from '../trainers/plan.ts';

/** What is known of a training while it runs. */
export interface Seen {
  steps: TrainManifest['steps'];
  loss: TrainManifest['loss'];
  learningRate: number | null;
  /** Tokens of all GPUs; counted by the trainer, else from the dataset's mean. */
  tokensPerSecond: number | null;
  isTokensEstimated: boolean;
  secondsLeft: number | null;
  peakMemoryGb: number | null;
  isBroken: boolean;
}

/** Gathers what a trainer writes down into losses, speed and the time that is left, and the files that show them. */
export class Tracker {
  readonly #out: string;
  readonly #title: string;
  readonly #tokensPerStep: number;
  readonly #record: LossRecord;
  /** The first and the last that was logged since it began (again): speed is measured between them. */
  #first: Moment | undefined;
  #last: Moment | undefined;
  #all: number | null = null;
  #done: number;
  #learningRate: number | null = null;
  #peakMemoryGb: number | null = null;
  #isBroken = false;
  #isFinished = false;

  static async open(
    out: string,
    about: { title: string; tokensPerStep: number; fromStep: number },
  ): Promise<Tracker> {
    return new Tracker(out, about, await readLossPoints(join(out, 'loss.jsonl')));
  }

  private constructor(
    out: string,
    { title, tokensPerStep, fromStep }: { title: string; tokensPerStep: number; fromStep: number },
    before: Awaited<ReturnType<typeof readLossPoints>>,
  ) {
    this.#out = out;
    this.#title = title;
    this.#tokensPerStep = tokensPerStep;
    this.#record = new LossRecord(before, fromStep);
    this.#done = fromStep;
  }

  /** Takes a line of the trainer's progress file; whether it told of a step. */
  add(form: ProgressForm, text: string): boolean {
    if (form === 'callback') this.#takeMoment(text, true);
    const line = readProgressLine(form, text);
    if (line === null) return false;
    this.#record.add(line);
    this.#done = Math.max(this.#done, line.step);
    this.#all = line.maxSteps;
    this.#learningRate = line.learningRate ?? this.#learningRate;
    this.#isBroken ||= line.isBroken;
    return true;
  }

  /**
   * For trainers that have a file of their own: takes a line of run_trainer.py, which says when it was, how many tokens
   * there were and how it ended.
   */
  addMoment(text: string): void {
    this.#takeMoment(text, false);
  }

  /** @param isInOrder whether the losses come from the same file: a beginning then comes before its own losses */
  #takeMoment(text: string, isInOrder: boolean): void {
    const moment = readMoment(text);
    if (moment === null) return;
    const { event, step, maxSteps, peakMemoryGb } = moment;
    this.#all = maxSteps;
    this.#peakMemoryGb = peakMemoryGb ?? this.#peakMemoryGb;
    if (event === 'begin') {
      if (isInOrder) this.#record.forgetAfter(step);
      this.#done = step;
      this.#first = undefined;
      this.#last = undefined;
    } else if (event === 'end') {
      this.#done = step;
      this.#isFinished = step >= maxSteps;
    } else {
      // Where the losses are in another file, that one is read first.
      this.#done = Math.max(this.#done, step);
      if (this.#last !== undefined && step <= this.#last.step) return;
      this.#last = moment;
      this.#first ??= moment;
    }
  }

  /** Whether all steps are done. */
  isFinished(): boolean {
    return this.#isFinished;
  }

  seen(): Seen {
    const points = this.#record.points().filter(({ loss }) => loss !== null);
    const secondsPerStep = this.#secondsPerStep();
    const tokens = this.#tokensPerSecond(secondsPerStep);
    const left = this.#all === null ? null : this.#all - this.#done;
    return {
      steps: { done: this.#done, all: this.#all },
      loss: { first: points[0]?.loss ?? null, last: points.at(-1)?.loss ?? null },
      learningRate: this.#learningRate,
      tokensPerSecond: tokens.perSecond,
      isTokensEstimated: tokens.isEstimated,
      secondsLeft: left === null || secondsPerStep === null ? null : left * secondsPerStep,
      peakMemoryGb: this.#peakMemoryGb,
      isBroken: this.#isBroken,
    };
  }

  /** loss.jsonl and loss.svg. */
  async write(): Promise<void> {
    const points = this.#record.points();
    await writeLossPoints(join(this.#out, 'loss.jsonl'), points);
    await writeFile(join(this.#out, 'loss.svg'), lossChart(points, this.#title));
  }

  #secondsPerStep(): number | null {
    if (this.#first === undefined || this.#last === undefined) return null;
    const steps = this.#last.step - this.#first.step;
    return steps > 0 ? (this.#last.seconds - this.#first.seconds) / steps : null;
  }

  #tokensPerSecond(secondsPerStep: number | null): {
    perSecond: number | null;
    isEstimated: boolean;
  } {
    const [from, to] = [this.#first, this.#last];
    const tokens = (to?.tokens ?? 0) - (from?.tokens ?? 0);
    const seconds = (to?.seconds ?? 0) - (from?.seconds ?? 0);
    if (tokens > 0 && seconds > 0) return { perSecond: tokens / seconds, isEstimated: false };
    const perSecond =
      secondsPerStep === null || secondsPerStep === 0 ? null : this.#tokensPerStep / secondsPerStep;
    return { perSecond, isEstimated: true };
  }
}
