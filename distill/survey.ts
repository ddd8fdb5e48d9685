import type { Conversation } from '../core/conversation.ts';
import { UsageError } from '../core/errors.ts';
import { documentId } from '../core/passage.ts';
import type { Finding, Trajectory } from '../core/trajectory.ts';
import type { DatasetRow } from './dataset-row.ts';
import type { Hit } from './decontaminate/hit.ts';
import { contaminationOf } from './decontaminate/report.ts';
import type { DistillJob } from './distill-job.ts';
import { LAYOUTS } from './layouts/layouts.ts';
import { makeRow, recheck } from './pairs.ts';
import type { RowFacts } from './row-facts.ts';
import { measureRow, type RowMeasure } from './select/measure.ts';
import { maskPersonalData } from './select/personal-data/mask.ts';
import { type SourceRun, sourceRows } from './source-runs.ts';
import { measureTokens, type RowTokens } from './tokens.ts';

/** What is kept in memory of a row between the two readings. */
export interface SurveyedRow {
  run: string;
  source_id: string;
  measure: RowMeasure;
  /** Why no dataset can have the row, whatever the rules; null for nearly all. */
  unwritable: string | null;
  tokens: RowTokens;
  findings: RowFacts['findings'];
}

/**
 * Reads all rows once and measures them; nothing is written and no text is kept.
 * @param onHits told what each row has of benchmarks
 */
export async function survey(
  job: DistillJob,
  onHits: (row: string, hits: Hit[]) => Promise<void>,
): Promise<SurveyedRow[]> {
  const rows: SurveyedRow[] = [];
  const findings = new FindingSets();
  for await (const batch of batches(job)) {
    const hits = await job.screen?.hits(batch.map(({ row }) => row));
    for (const [index, { source, row }] of batch.entries()) {
      const own = hits?.[index] ?? [];
      await onHits(row.id, own);
      rows.push(surveyRow(job, source, row, own, findings));
      job.onProgress('measured', rows.length);
    }
  }
  return rows;
}

/** Rows that share requests for embeddings. */
const BATCH_ROWS = 64;

async function* batches(job: DistillJob): AsyncGenerator<{ source: SourceRun; row: Trajectory }[]> {
  let batch: { source: SourceRun; row: Trajectory }[] = [];
  for await (const { source, row } of sourceRows(job.sources)) {
    batch.push({ source, row: readRow(job, row) });
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A row as the dataset has it, masked where the rules say so. */
export function readRow({ rules }: DistillJob, row: Trajectory): Trajectory {
  const { personal_data: personal } = rules;
  return personal.action === 'mask' ? maskPersonalData(row, personal).row : row;
}

function surveyRow(
  job: DistillJob,
  source: SourceRun,
  row: Trajectory,
  hits: Hit[],
  sets: FindingSets,
): SurveyedRow {
  const made = makeRow(row, job.task);
  const conversation: Conversation = made.ok ? made.conversation : row;
  const checks = recheck(row, conversation, languageOf(source));
  const counted = made.ok ? countedTokens(made.row, job) : { tokens: NO_TOKENS, problem: null };
  const measure = measureRow({ ...row, checks }, job.rules);
  measure.person = source.marks.get(row.id)?.verdict ?? null;
  measure.tokens = counted.tokens.tokens;
  measure.contamination = contaminationOf(hits);
  return {
    run: source.name,
    source_id: documentId(row.source),
    measure,
    unwritable: made.ok ? (counted.problem ?? unwritable(job, made.row)) : made.reason,
    tokens: counted.tokens,
    findings: sets.of(checks),
  };
}

const NO_TOKENS: RowTokens = { tokens: 0, trained: 0 };

/** A row that the chat template refuses, no trainer could render either. */
function countedTokens(
  row: DatasetRow,
  { tokenizer }: DistillJob,
): { tokens: RowTokens; problem: string | null } {
  try {
    return { tokens: measureTokens(row, tokenizer), problem: null };
  } catch (error) {
    if (error instanceof UsageError) return { tokens: NO_TOKENS, problem: error.message };
    throw error;
  }
}

/** The first reason why a trainer that is written for cannot be given the row. */
function unwritable({ trainers, task }: DistillJob, row: DatasetRow): string | null {
  for (const trainer of trainers) {
    const line = LAYOUTS[trainer].line(row, task);
    if (!line.ok) return `${trainer}: ${line.reason}`;
  }
  return null;
}

function languageOf({ manifest }: SourceRun): string {
  const { language } = manifest.fingerprint_parts;
  return typeof language === 'string' ? language : 'English';
}

/** Rows share few different sets of findings: each set is kept once. */
class FindingSets {
  readonly #sets = new Map<string, RowFacts['findings']>();

  of(findings: readonly Finding[]): RowFacts['findings'] {
    const different = new Map<string, RowFacts['findings'][number]>(
      findings.map(({ severity, code }) => [`${severity} ${code}`, [severity, code]]),
    );
    const key = [...different.keys()].sort().join(';');
    const known = this.#sets.get(key);
    if (known !== undefined) return known;
    const set = [...different.values()];
    this.#sets.set(key, set);
    return set;
  }
}
