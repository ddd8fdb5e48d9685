import { isObject } from '../../../core/formats/arguments.ts';
import type { ReadRow } from '../../../core/formats/read-row.ts';
import { Finding, JudgeVerdict } from '../../../core/trajectory.ts';
import { Workflow } from '../../../core/workflow.ts';
import { checkFileRow, type FileCheckOptions } from '../../../synth/check/files/check-row.ts';
import { codeOf } from '../../../synth/check/files/codes.ts';
import { type RowReport, reportRow } from '../../../synth/check/files/report-row.ts';
import { runWithin } from '../../../synth/check/time-limit.ts';
import { visible } from '../../run-report/markup.ts';
import { type ShownMessage, shownMessages } from './messages.ts';
import { type ShownText, shownText } from './shown-text.ts';

/** A finding with what its code means and how to mend it. */
interface ShownFinding extends Finding {
  title: string;
  fix: string;
}

/** What the page shows of a row beside its line in the list. */
export interface RowDetail {
  problem: string;
  messages: ShownMessage[];
  tools: { name: string; description: string; is_called: boolean; parameters: ShownText }[];
  findings: ShownFinding[];
  /** Whether the findings were made now: the row has none of its own. */
  checked_now: boolean;
  groundings: RowReport['groundings'];
  /** Why there are no groundings; empty where they were looked for. */
  untraced: string;
  judge: JudgeVerdict | null;
  reason: string;
  passage: { id: string; title: string; url: string; licence: string; text: ShownText } | null;
  workflow: {
    steps: string[];
    graph: string;
    constraints: { rule: string; quote: string }[];
  } | null;
  repairs: number;
}

/** Rows above this many characters are not traced. */
const MOST_TRACED = 1_000_000;
const TRACE_MILLISECONDS = 2000;

/**
 * Makes what the page shows of a row: texts in pieces that know their findings and groundings.
 * @param characters of the row's line
 */
export function rowDetail(row: ReadRow, characters: number, checks: FileCheckOptions): RowDetail {
  const { fields, conversation, problem } = row;
  const own = Finding.array().safeParse(fields.checks).data;
  const traced = tracedRow(row, characters, checks);
  const findings = (own ?? traced.report.findings).map(explained);
  const { groundings } = traced.report;
  const judge = JudgeVerdict.safeParse(fields.judge).data ?? null;
  const messages = shownMessages(conversation?.messages ?? [], findings, groundings, judge);
  const called = new Set(messages.flatMap(({ calls }) => calls.map(({ name }) => name)));
  const workflow = Workflow.safeParse(fields.workflow).data ?? null;
  return {
    problem: visible(problem),
    messages,
    tools: (conversation?.tools ?? []).map((tool) => shownTool(tool, called)),
    findings,
    checked_now: own === undefined,
    groundings,
    untraced: traced.problem,
    judge: judge === null ? null : { ...judge, reason: visible(judge.reason) },
    reason: visible(textOf(fields.reason)),
    passage: shownPassage(fields.source, workflow),
    workflow: workflow === null ? null : shownWorkflow(workflow),
    repairs: Array.isArray(fields.repair) ? fields.repair.length : 0,
  };
}

function tracedRow(
  row: ReadRow,
  characters: number,
  checks: FileCheckOptions,
): { report: RowReport; problem: string } {
  const none = { id: '', findings: [], patterns: [], groundings: [] };
  if (characters > MOST_TRACED)
    return { report: none, problem: 'the row is too long to be checked and traced here' };
  const done = runWithin(TRACE_MILLISECONDS, () => reportRow(checkFileRow(row, '', checks)));
  return done === 'stopped'
    ? { report: none, problem: 'checking and tracing the row took too long' }
    : { report: done.value, problem: '' };
}

function explained(finding: Finding): ShownFinding {
  const check = codeOf(finding.code);
  return {
    ...finding,
    code: visible(finding.code),
    text: visible(finding.text),
    path: finding.path === null ? null : visible(finding.path),
    title: check?.title ?? '',
    fix: check?.fix ?? '',
  };
}

function shownTool(tool: unknown, called: ReadonlySet<string>): RowDetail['tools'][number] {
  const definition = isObject(tool) && isObject(tool.function) ? tool.function : {};
  const name = visible(textOf(definition.name));
  return {
    name: name === '' ? '(no name)' : name,
    description: visible(textOf(definition.description)),
    is_called: called.has(name),
    parameters: shownText(schemaText(tool), [], []),
  };
}

/** The schema of a tool's arguments as one text; a tool of another form as it is. */
export function schemaText(tool: unknown): string {
  const definition = isObject(tool) && isObject(tool.function) ? tool.function : {};
  const schema = definition.parameters ?? (isObject(tool) && 'function' in tool ? null : tool);
  return JSON.stringify(schema) ?? '';
}

function shownPassage(source: unknown, workflow: Workflow | null): RowDetail['passage'] {
  if (!isObject(source)) return null;
  const text = textOf(source.text);
  const quotes = (workflow?.constraints ?? []).flatMap(({ quote: words }, quote) => {
    const start = text.indexOf(words);
    return start < 0 ? [] : [{ start, end: start + words.length, quote }];
  });
  return {
    id: visible(textOf(source.id)),
    title: visible(textOf(source.title)),
    url: visible(textOf(source.url)),
    licence: visible(textOf(source.licence)),
    text: shownText(text, quotes, []),
  };
}

function shownWorkflow({ steps, graph, constraints }: Workflow): RowDetail['workflow'] {
  return {
    steps: steps.map(visible),
    graph: visible(graph),
    constraints: constraints.map(({ rule, quote }) => ({
      rule: visible(rule),
      quote: visible(quote),
    })),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
