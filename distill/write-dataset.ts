import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { JsonlAppender } from '../core/jsonl-append.ts';
import type { Trajectory } from '../core/trajectory.ts';
import type { Split } from './dataset-row.ts';
import type { DecisionLine } from './decision-line.ts';
import type { DistillJob } from './distill-job.ts';
import type { Trainer } from './layouts/layout.ts';
import { LAYOUTS } from './layouts/layouts.ts';
import { makeRow } from './pairs.ts';
import { factsOf } from './row-facts.ts';
import type { Drop } from './select/decision.ts';
import { sourceRows } from './source-runs.ts';
import { readRow, type SurveyedRow } from './survey.ts';

/** Where a row goes, or why it goes nowhere. */
export type Fate = { split: Split } | { drop: Omit<Drop, 'code'> & { code: string } };

/**
 * Reads all rows again and writes those that were chosen, in every trainer's form, and a line of decisions.jsonl for
 * each row that was read.
 * @param fates one a row, in the order of reading
 */
export async function writeDataset(
  job: DistillJob,
  rows: readonly SurveyedRow[],
  fates: readonly Fate[],
): Promise<void> {
  const files = new RowFiles(job);
  const decisions = await files.open('decisions.jsonl');
  try {
    let index = 0;
    for await (const { row: original } of sourceRows(job.sources, job.rules)) {
      const [surveyed, fate] = [rows[index], fates[index]];
      if (surveyed === undefined || fate === undefined || surveyed.measure.id !== original.id)
        throw new UsageError(changed(`row ${original.id} was not there before`));
      const { row } = readRow(job, original);
      if ('split' in fate) await files.write(row, fate.split);
      await decisions.append(decisionLine(row, surveyed, fate));
      index += 1;
      job.onProgress('written', index);
    }
    if (index < rows.length) throw new UsageError(changed(gone(rows.length - index)));
  } finally {
    await files.close();
  }
}

const gone = (rows: number): string => (rows === 1 ? '1 row is gone' : `${rows} rows are gone`);

function changed(how: string): string {
  return `a run was changed while its rows were read: ${how}; run the same command again when nothing writes to it`;
}

function decisionLine(row: Trajectory, surveyed: SurveyedRow, fate: Fate): DecisionLine {
  const { run, measure } = surveyed;
  const origin = { id: row.id, source_id: measure.document, passage_id: row.source.id, run };
  if ('drop' in fate) return { ...origin, kept: false, ...fate.drop };
  return { ...origin, kept: true, split: fate.split, facts: factsOf(row, surveyed) };
}

/** The files that rows are written to, opened when their first row comes. */
class RowFiles {
  readonly #job: DistillJob;
  readonly #open = new Map<string, Promise<JsonlAppender>>();

  constructor(job: DistillJob) {
    this.#job = job;
  }

  open(path: string): Promise<JsonlAppender> {
    const known = this.#open.get(path);
    if (known !== undefined) return known;
    const opened = openFile(join(this.#job.out, path));
    this.#open.set(path, opened);
    return opened;
  }

  /** Writes a row for every trainer. */
  async write(trajectory: Trajectory, split: Split): Promise<void> {
    const made = makeRow(trajectory, this.#job.task);
    if (!made.ok) throw new Error(`row ${trajectory.id} cannot be written: ${made.reason}`);
    const writeFor = async (trainer: Trainer) => {
      const line = LAYOUTS[trainer].line(made.row, this.#job.task);
      if (!line.ok) throw new Error(`row ${trajectory.id} cannot be written: ${line.reason}`);
      const file = await this.open(LAYOUTS[trainer].file(split));
      await file.append(line.line);
    };
    await Promise.all(this.#job.trainers.map(writeFor));
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled(this.#open.values());
    for (const one of opened) if (one.status === 'fulfilled') await one.value.close();
  }
}

async function openFile(path: string): Promise<JsonlAppender> {
  await mkdir(dirname(path), { recursive: true });
  return (await JsonlAppender.open(path)).appender;
}
