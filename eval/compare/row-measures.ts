import { shownText } from '../../core/formats/passage-block.ts';
import type { Finding, Rejection, Trajectory } from '../../core/trajectory.ts';
import { groundingsOf } from '../../synth/check/grounding/trace.ts';
import { rowOf } from '../../synth/check/read-row.ts';
import type { CheckContext } from '../../synth/check/row.ts';
import {
  checkConversation,
  paperGateFails,
  strictGateFails,
} from '../../synth/check/run-checks.ts';
import { passes } from '../../synth/stages/judge.ts';
import { FAMILIES, familyOf } from './families.ts';
import { type ShapeName, shapeOf } from './shape.ts';

type Row = Trajectory | Rejection;

/** How a run's rows are measured. */
export interface RowSettings {
  /** Whether the checks are carried out anew, since the run did without, or had others. */
  recheck: boolean;
  language: string;
}

/** Which rows a measure is about, as bits: rows are several of these at once. */
export const ROWS = {
  /** Accepted, or surplus beyond the target: it came through. */
  passed: 1,
  /** A trajectory was asked for. */
  candidate: 2,
  /** There is a whole conversation, which the checks can look at. */
  reviewed: 4,
  /** The judge gave a verdict. */
  judged: 8,
} as const;
export type RowKind = keyof typeof ROWS;

/** Whoever turned down a whole conversation, which the checks had looked at. */
const REVIEWED_BY: ReadonlySet<string> = new Set(['check', 'judge', 'selection']);

/** The kinds that a row is of, as bits. */
export function kindsOf(row: Row): number {
  const by = 'rejected_by' in row ? row.rejected_by : null;
  const judged = row.judge === null ? 0 : ROWS.judged;
  if (by === null) return ROWS.passed | ROWS.candidate | ROWS.reviewed | judged;
  if (by === 'filter' || by === 'extract') return 0;
  const reviewed = REVIEWED_BY.has(by) ? ROWS.reviewed : 0;
  return ROWS.candidate | reviewed | judged;
}

/** A row's findings: its own, or those of the present checks. */
export function findingsOf(row: Row, { recheck, language }: RowSettings): Finding[] {
  return recheck ? checkConversation(contextOf(row, language)) : row.checks;
}

/** What is kept of the findings: a column for each code, and whether a family found nothing that is worse than a note. */
export function findingColumns(findings: readonly Finding[]): Record<string, number> {
  const found = findings.filter(({ severity }) => severity !== 'note');
  const families = new Set(found.map(({ code }) => familyOf(code)));
  const columns: Record<string, number> = {
    with_error: strictGateFails(findings) ? 1 : 0,
    fails_paper_gate: paperGateFails(findings) ? 1 : 0,
  };
  for (const family of Object.keys(FAMILIES))
    columns[`clean.${family}`] = [...families].some((one) => one === family) ? 0 : 1;
  for (const { code, severity } of found) columns[`code.${severity}.${code}`] = 1;
  return columns;
}

/** The judge's rubrics that a row passes. */
export function judgeColumns({ judge }: Row): Record<string, number> {
  if (judge === null) return {};
  const rubrics = Object.entries(judge.rubrics).map(([name, score]) => [`rubric.${name}`, score]);
  return { ...Object.fromEntries(rubrics), judge_passes: passes(judge) ? 1 : 0 };
}

/** The shape of a row, and which patterns it shows. */
export function shapeColumns(row: Row): Record<ShapeName, number> & Record<string, number> {
  const patterns = row.patterns.found.map((name) => [`pattern.${name}`, 1]);
  return { ...Object.fromEntries(patterns), ...shapeOf(row) };
}

/** How many of the scalars in calls have a source before the call. */
export function groundingColumns(row: Row, { language }: RowSettings): Record<string, number> {
  const groundings = groundingsOf(rowOf(contextOf(row, language)));
  const grounded = groundings.filter(({ kind }) => kind !== 'ungrounded').length;
  return { arguments_traced: groundings.length, arguments_grounded: grounded };
}

const contexts = new WeakMap<Row, CheckContext>();

/** One context a row: what is read of it for the checks is read once. */
function contextOf(row: Row, language: string): CheckContext {
  const known = contexts.get(row);
  if (known !== undefined) return known;
  const context: CheckContext = {
    conversation: row,
    refined: row.provenance.ablation.refine,
    profile: 'gem',
    language,
    patterns: row.patterns.asked,
    workflow: row.workflow ?? undefined,
    passage: shownText(row.source),
  };
  contexts.set(row, context);
  return context;
}
