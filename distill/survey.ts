import type { Conversation } from '../core/conversation.ts';
import { UsageError } from '../core/errors.ts';
import type { Finding, Trajectory } from '../core/trajectory.ts';
import type { DatasetRow } from './dataset-row.ts';
import type { Hit } from './decontaminate/hit.ts';
import { contaminationOf } from './decontaminate/report.ts';
import type { DistillJob } from './distill-job.ts';
import { LAYOUTS } from './layouts/layouts.ts';
import { makeRow, recheck } from './pairs.ts';
import type { RowFacts, Surveyed } from './row-facts.ts';
import { type MeasureStore, measureRow, newMeasureStore } from './select/measure.ts';
import { maskPersonalData } from './select/personal-data/mask.ts';
import { personalSummary } from './select/personal-data/of-row.ts';
import { languageOf, type SourceRun, sourceRows } from './source-runs.ts';
import { measureTokens, type RowTokens } from './tokens.ts';

/** What is kept in memory of a row between the two readings; some 850 bytes with its signatures. */
export interface SurveyedRow extends Surveyed {
  run: string;
  /** Why no dataset can have the row, whatever the rules; null for nearly all. */
  unwritable: string | null;
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
  const store = newMeasureStore(job.rules);
  for await (const batch of batches(job)) {
    const hits = await job.screen?.hits(batch.map(({ row }) => row));
    for (const [index, read] of batch.entries()) {
      const own = hits?.[index] ?? [];
      await onHits(read.row.id, own);
      rows.push(surveyRow(job, read, own, store));
      job.onProgress('measured', rows.length);
    }
  }
  return rows;
}

/** Rows that share requests for embeddings. */
const BATCH_ROWS = 64;

interface ReadRow {
  source: SourceRun;
  row: Trajectory;
  masked: string | null;
}

async function* batches(job: DistillJob): AsyncGenerator<ReadRow[]> {
  let batch: ReadRow[] = [];
  for await (const { source, row } of sourceRows(job.sources, job.rules)) {
    batch.push({ source, ...readRow(job, row) });
    if (batch.length < BATCH_ROWS) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

/** A row as the dataset has it, masked where the rules say so; `masked` tells kinds and numbers of what was replaced. */
export function readRow(
  { rules }: DistillJob,
  row: Trajectory,
): { row: Trajectory; masked: string | null } {
  const { personal_data: personal } = rules;
  if (personal.action !== 'mask') return { row, masked: null };
  const { row: masked, values } = maskPersonalData(row, personal);
  return { row: masked, masked: personalSummary(values) };
}

function surveyRow(
  job: DistillJob,
  { source, row, masked }: ReadRow,
  hits: Hit[],
  store: MeasureStore,
): SurveyedRow {
  const made = makeRow(row, job.task);
  const conversation: Conversation = made.ok ? made.conversation : row;
  const checks = recheck(row, conversation, languageOf(source.manifest));
  const counted = made.ok ? countedTokens(made.row, job) : { tokens: NO_TOKENS, problem: null };
  const measure = measureRow({ ...row, checks }, job.rules, store);
  measure.person = source.marks.get(row.id)?.verdict ?? null;
  measure.tokens = counted.tokens.tokens;
  measure.contamination = contaminationOf(hits);
  if (masked !== null) measure.personal = store.shared.of(masked);
  return {
    run: source.name,
    measure,
    unwritable: made.ok ? (counted.problem ?? unwritable(job, made.row)) : made.reason,
    trained: counted.tokens.trained,
    findings: store.shared.of(differentFindings(checks)),
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

function differentFindings(findings: readonly Finding[]): RowFacts['findings'] {
  const different = new Map<string, RowFacts['findings'][number]>(
    findings.map(({ severity, code }) => [`${severity} ${code}`, [severity, code]]),
  );
  return [...different].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, finding]) => finding);
}
