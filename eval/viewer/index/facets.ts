import { z } from 'zod';
import { isObject } from '../../../core/formats/arguments.ts';
import type { ReadRow } from '../../../core/formats/read-row.ts';
import { sha256 } from '../../../core/hash.ts';
import type { RowStatus } from '../../../core/run/find-row.ts';
import { Severity } from '../../../core/trajectory.ts';
import { visible } from '../../run-report/markup.ts';

/** What rows can be filtered by, in the order of the page. */
export const FACETS = ['status', 'reason', 'code', 'domain', 'pattern', 'method', 'tool'] as const;
export type Facet = (typeof FACETS)[number];

/** What the list shows of a row. */
export const RowHead = z.object({
  id: z.string(),
  title: z.string(),
  /** Why it was turned down, or why it cannot be read; empty otherwise. */
  reason: z.string(),
  message_count: z.number(),
  call_count: z.number(),
  worst: Severity.or(z.literal('none')),
});
export type RowHead = z.infer<typeof RowHead>;

/** What the index keeps of a row. */
export interface IndexedRow {
  head: RowHead;
  /** Rows of the same passage have the same; null where no passage is named. */
  passage: number | null;
  values: Record<Facet, string[]>;
}

const LONGEST_TITLE = 160;
const LONGEST_REASON = 160;
const LONGEST_NAME = 100;

/**
 * Reads what the list and the filters need of a row, whatever it is; members of the wrong kind count as missing.
 * @param place stands in for an id that the row does not have
 */
export function indexedRow(row: ReadRow, place: string, status: RowStatus | null): IndexedRow {
  const { fields, conversation, problem } = row;
  const messages = (conversation?.messages ?? []).filter(isObject);
  const called = messages.flatMap(calledNames);
  const findings = objectsOf(fields.checks);
  const rejectedBy = textOf(fields.rejected_by);
  const reason = problem === '' ? textOf(fields.reason) : `cannot be read: ${problem}`;
  return {
    head: {
      id: idOf(fields) ?? place,
      title: short(titleOf(fields, messages), LONGEST_TITLE),
      reason: short(reason, LONGEST_REASON),
      message_count: messages.length,
      call_count: called.length,
      worst: worstOf(findings),
    },
    passage: passageKey(fields),
    values: {
      status: statusOf(status, rejectedBy),
      reason: reasonsOf(rejectedBy, fields.judge, problem),
      code: names(findings.map(({ code }) => code)),
      domain: names(memberOf(fields.tags, 'domains')),
      pattern: names(memberOf(fields.patterns, 'found')),
      method: names([methodOf(fields.provenance)]),
      tool: names(called),
    },
  };
}

/** The id under which a row goes in its file. */
function idOf(fields: Record<string, unknown>): string | undefined {
  const id = [fields.id, fields.uuid, fields.trajectory_id].find(
    (value) => (typeof value === 'string' && value !== '') || typeof value === 'number',
  );
  return id === undefined ? undefined : String(id);
}

function titleOf(fields: Record<string, unknown>, messages: Record<string, unknown>[]): string {
  const description = textOf(memberOf(fields.workflow, 'description'));
  if (description !== '') return description;
  const asked = messages.find(({ role }) => role === 'user') ?? messages[0];
  return textOf(asked?.content);
}

function statusOf(status: RowStatus | null, rejectedBy: string): string[] {
  return status !== null ? [status] : rejectedBy === '' ? [] : ['rejected'];
}

/** The stage that turned a row down, a judge's with the rubrics that failed. */
function reasonsOf(rejectedBy: string, judge: unknown, problem: string): string[] {
  if (problem !== '') return ['cannot be read'];
  if (rejectedBy !== 'judge') return names([rejectedBy]);
  const rubrics = memberOf(judge, 'rubrics');
  const failed = isObject(rubrics)
    ? Object.entries(rubrics).flatMap(([name, score]) => (score === 0 ? [`judge: ${name}`] : []))
    : [];
  return failed.length === 0 ? ['judge'] : names(failed);
}

function methodOf(provenance: unknown): string {
  const method = textOf(memberOf(provenance, 'method'));
  const ablation = memberOf(provenance, 'ablation');
  const off = isObject(ablation)
    ? Object.entries(ablation).flatMap(([stage, on]) => (on === false ? [`no ${stage}`] : []))
    : [];
  const fallback = memberOf(provenance, 'fallback') === true ? 'fallback' : '';
  return [method, fallback, ...off].filter((part) => part !== '').join(', ');
}

/** Of the passage's own text where its hash is given, since two runs may name it differently. */
function passageKey({ source, source_id: sourceId }: Record<string, unknown>): number | null {
  const key = textOf(memberOf(source, 'sha256')) || textOf(memberOf(source, 'id'));
  const whole = key === '' ? textOf(sourceId) : key;
  return whole === '' ? null : Number.parseInt(sha256(whole).slice(0, 8), 16);
}

function worstOf(findings: Record<string, unknown>[]): RowHead['worst'] {
  const level = (['error', 'warning', 'note'] as const).find((severity) =>
    findings.some((finding) => finding.severity === severity),
  );
  return level ?? 'none';
}

function calledNames({ tool_calls: calls }: Record<string, unknown>): string[] {
  return objectsOf(calls).map((call) => textOf(memberOf(call.function, 'name')));
}

/** Each name once, short enough for a list of choices. */
function names(values: unknown): string[] {
  const list: unknown[] = Array.isArray(values) ? values : [];
  const texts = list.map((value) => short(textOf(value), LONGEST_NAME));
  return [...new Set(texts.filter((text) => text !== ''))];
}

/** A member of an object; in Parquet objects are JSON texts, which are read. */
function memberOf(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

function objectsOf(value: unknown): Record<string, unknown>[] {
  return Array.isArray(value) ? value.filter(isObject) : [];
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function short(text: string, length: number): string {
  const line = text
    .slice(0, length * 4)
    .replace(/\s+/g, ' ')
    .trim();
  const cut = line.length > length || text.length > length * 4;
  // Cut between characters: half of a pair would show as something else.
  return visible(cut ? `${[...line].slice(0, length - 1).join('')}…` : line);
}
