import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import type { LooseConversation } from '../../../core/formats/loose.ts';
import type { ReadRow } from '../../../core/formats/read-row.ts';
import { Pattern } from '../../../core/taxonomy.ts';
import type { Finding } from '../../../core/trajectory.ts';
import { Workflow } from '../../../core/workflow.ts';
import { type Check, severityIn } from '../check.ts';
import type { CheckContext } from '../row.ts';
import { checkConversation } from '../run-checks.ts';
import { READING_CHECKS } from './reading-checks.ts';

/** How the rows of files are checked. */
export interface FileCheckOptions {
  profile: CheckContext['profile'];
  language: string | null;
  /** The text of the passage with an id; undefined where there is none. */
  passageOf?: (sourceId: string) => string | undefined;
}

/** A row of a file with what the checks found; `context` is null where it could not be read. */
export interface CheckedRow {
  id: string;
  context: CheckContext | null;
  findings: Finding[];
  /** The passage that the row names and that was not found; null when there is nothing amiss. */
  missingPassage: string | null;
}

/** Checks a row of a file; `place` stands in for an id that it does not have. Never throws. */
export function checkFileRow(row: ReadRow, place: string, options: FileCheckOptions): CheckedRow {
  const id = idOf(row.fields) ?? place;
  const { context, missingPassage } = contextOf(row, options);
  if (context === null) {
    const findings = [readingFinding('row_unreadable', row.problem, options)];
    return { id, context, findings, missingPassage };
  }
  const unknown = row.conversation?.toolsKnown === false && hasCalls(row.conversation);
  const findings = checkConversation(context);
  if (unknown) findings.unshift(readingFinding('tools_unknown', 'the row has no tools', options));
  return { id, context, findings, missingPassage };
}

/** The id under which a row goes in its file. */
function idOf(fields: Record<string, unknown>): string | undefined {
  const id = [fields.id, fields.uuid, fields.trajectory_id].find(
    (value) => (typeof value === 'string' && value !== '') || typeof value === 'number',
  );
  return id === undefined ? undefined : String(id);
}

function contextOf(
  { fields, conversation }: ReadRow,
  { profile, language, passageOf }: FileCheckOptions,
): Pick<CheckedRow, 'context' | 'missingPassage'> {
  const { id, text } = isObject(fields.source) ? fields.source : {};
  const sourceId = [id, fields.source_id].find((value) => typeof value === 'string');
  const found = sourceId === undefined ? undefined : passageOf?.(sourceId);
  const passage = found ?? (typeof text === 'string' ? text : undefined);
  const isMissing = passageOf !== undefined && sourceId !== undefined && passage === undefined;
  const missingPassage = isMissing ? sourceId : null;
  if (conversation === null) return { context: null, missingPassage };
  const { messages, tools, toolsKnown } = conversation;
  const context: CheckContext = {
    conversation: { messages, tools: toolsKnown ? tools : calledTools(messages) },
    refined: wasRefined(fields.provenance),
    profile,
    language,
    workflow: workflowOf(fields.workflow),
    passage,
    patterns: askedPatterns(fields.patterns),
  };
  return { context, missingPassage };
}

/** Of our own rows alone it is known; others are held to the stricter rules, as far as the profile has them. */
function wasRefined(provenance: unknown): boolean {
  const value = jsonMember(provenance);
  const ablation = isObject(value) ? value.ablation : undefined;
  return !(isObject(ablation) && ablation.refine === false);
}

function workflowOf(workflow: unknown): Workflow | undefined {
  return Workflow.safeParse(jsonMember(workflow)).data;
}

/** The patterns that one of our own rows was asked to show. */
function askedPatterns(patterns: unknown): Pattern[] | undefined {
  const value = jsonMember(patterns);
  return Pattern.array().safeParse(isObject(value) ? value.asked : undefined).data;
}

/** In Parquet such members are JSON texts. */
function jsonMember(member: unknown): unknown {
  return typeof member === 'string' ? jsonOrUndefined(member) : member;
}

function hasCalls({ messages }: LooseConversation): boolean {
  return calledNames(messages).length > 0;
}

function calledTools(messages: readonly unknown[]): unknown[] {
  return [...new Set(calledNames(messages))].map((name) => ({
    type: 'function',
    function: {
      name,
      description: 'Known by its calls alone.',
      parameters: { type: 'object', additionalProperties: true },
    },
  }));
}

function calledNames(messages: readonly unknown[]): string[] {
  return messages.flatMap((message) => {
    const calls = isObject(message) ? message.tool_calls : undefined;
    if (!Array.isArray(calls)) return [];
    return calls.flatMap((call: unknown) => {
      const name = isObject(call) && isObject(call.function) ? call.function.name : undefined;
      return typeof name === 'string' ? [name] : [];
    });
  });
}

function readingFinding(
  code: string,
  text: string,
  { profile, language }: FileCheckOptions,
): Finding {
  const check = READING_CHECKS.find((one) => one.code === code);
  const none = { messages: [], tools: [] };
  const context: CheckContext = { conversation: none, refined: true, profile, language };
  return { code, severity: severityOf(check, context), message_index: null, path: null, text };
}

function severityOf(check: Check | undefined, context: CheckContext): Finding['severity'] {
  return (check && severityIn(check, context)) ?? 'error';
}
