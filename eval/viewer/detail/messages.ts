import { isObject } from '../../../core/formats/arguments.ts';
import type { Finding, JudgeVerdict } from '../../../core/trajectory.ts';
import type { RowReport } from '../../../synth/check/files/report-row.ts';
import { visible } from '../../run-report/markup.ts';
import type { Span } from './pieces.ts';
import { type ShownText, shownText, type ValueSpan } from './shown-text.ts';

interface ShownCall {
  id: string;
  name: string;
  arguments: ShownText;
  /** Numbers of the findings on the call that no argument carries. */
  findings: number[];
}

export interface ShownMessage {
  index: number;
  role: string;
  /** Null where there is none, as in a turn of calls alone. */
  content: ShownText | null;
  calls: ShownCall[];
  /** The tool that a result is of; empty elsewhere. */
  tool: string;
  /** Numbers of the findings on the message that no call of it carries. */
  findings: number[];
  /** Whether the judge points here. */
  is_judged: boolean;
}

type Groundings = RowReport['groundings'];

/** The messages of a conversation, whatever they are, with what is told of their parts. */
export function shownMessages(
  messages: readonly unknown[],
  findings: readonly Finding[],
  groundings: Groundings,
  judge: JudgeVerdict | null,
): ShownMessage[] {
  const told = { findings, groundings };
  const names = toolNames(messages);
  return messages.map((value, index) => {
    const message = isObject(value) ? value : {};
    const calls = callsOf(message).map((call, at) => shownCall(call, index, at, told));
    return {
      index,
      role: textOf(message.role) === '' ? '(no role)' : visible(textOf(message.role)),
      content: shownContent(value, index, told),
      calls,
      tool: message.role === 'tool' ? (names.get(textOf(message.tool_call_id)) ?? '') : '',
      findings: findings.flatMap((finding, number) =>
        finding.message_index === index && callOf(finding, calls.length) === null ? [number] : [],
      ),
      is_judged: judge?.message_index === index,
    };
  });
}

/** The text of a message's content, or of a call's arguments, as it is in the row; undefined where there is none. */
export function wholeText(
  messages: readonly unknown[],
  message: number,
  call: number | null,
): string | undefined {
  const value = messages[message];
  if (call === null) return contentOf(value) ?? undefined;
  const one = isObject(value) ? callsOf(value)[call] : undefined;
  return one === undefined ? undefined : argumentsOf(one);
}

interface Told {
  findings: readonly Finding[];
  groundings: Groundings;
}

function shownContent(
  value: unknown,
  index: number,
  { findings, groundings }: Told,
): ShownText | null {
  const text = contentOf(value);
  if (text === null) return null;
  const spans: Span[] = findings.flatMap((one, finding) =>
    one.message_index === index && one.path === 'content' ? findingSpans(one, finding, text) : [],
  );
  const valueSpans: ValueSpan[] = [];
  for (const [source, { source: place }] of groundings.entries()) {
    if (place === null || place.message_index !== index) continue;
    const { path, start, end } = place;
    if (path === null) spans.push({ start, end, source });
    else valueSpans.push({ path, within: { start, end }, source });
  }
  return shownText(text, spans, valueSpans);
}

/** Where the words that a finding quotes, or the first of its names with a digit, stand in the text it is of. */
function findingSpans({ text: told }: Finding, finding: number, text: string): Span[] {
  const quoted = [...told.matchAll(/"([^"]{2,200})"|(\S*\d\S*)/g)];
  const words = quoted.map(([, quote, name = '']) => quote ?? name.replace(/^\W+|\W+$/g, ''));
  const said = words.find((word) => word.length > 1 && text.includes(word));
  if (said === undefined) return [];
  const start = text.indexOf(said);
  return [{ start, end: start + said.length, finding }];
}

/** What is no message, or has a content that is no text, is shown as its JSON. */
function contentOf(value: unknown): string | null {
  if (!isObject(value)) return JSON.stringify(value) ?? 'nothing';
  const { content } = value;
  if (typeof content === 'string')
    return content === '' && callsOf(value).length > 0 ? null : content;
  return content === null || content === undefined ? null : JSON.stringify(content);
}

function shownCall(
  call: Record<string, unknown>,
  message: number,
  at: number,
  { findings, groundings }: Told,
): ShownCall {
  const { name } = isObject(call.function) ? call.function : {};
  const spans: ValueSpan[] = groundings.flatMap((grounding, argument) =>
    grounding.message_index === message && grounding.call_index === at
      ? [{ path: grounding.path, argument }]
      : [],
  );
  const own = findings.flatMap((finding, number) =>
    finding.message_index === message && callIndex(finding.path) === at ? [number] : [],
  );
  for (const number of own) {
    const path = argumentPath(findings[number]?.path ?? '');
    if (path !== undefined) spans.push({ path, finding: number });
  }
  const shown = shownText(argumentsOf(call), [], spans);
  const carried = new Set(shown.pieces.flatMap((piece) => piece.findings ?? []));
  return {
    id: visible(textOf(call.id)),
    name: textOf(name) === '' ? '(no name)' : visible(textOf(name)),
    arguments: shown,
    findings: own.filter((number) => !carried.has(number)),
  };
}

function argumentsOf(call: Record<string, unknown>): string {
  const { arguments: args } = isObject(call.function) ? call.function : {};
  return typeof args === 'string' ? args : (JSON.stringify(args) ?? '');
}

function callsOf({ tool_calls: calls }: Record<string, unknown>): Record<string, unknown>[] {
  if (!Array.isArray(calls)) return [];
  return calls.map((call: unknown) => (isObject(call) ? call : {}));
}

function callIndex(path: string | null): number | null {
  const found = /^tool_calls\[(\d+)\]/.exec(path ?? '');
  return found === null ? null : Number(found[1]);
}

/** The call of a message that a finding is on; null where it is on the message, or on a call that is not there. */
function callOf({ path }: Finding, calls: number): number | null {
  const at = callIndex(path);
  return at !== null && at < calls ? at : null;
}

/** Below the arguments: `passengers[0].dob`. */
function argumentPath(path: string): string | undefined {
  return /^tool_calls\[\d+\]\.function\.arguments\.?(.+)$/.exec(path)?.[1];
}

function toolNames(messages: readonly unknown[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const message of messages) {
    for (const call of isObject(message) ? callsOf(message) : []) {
      const { name } = isObject(call.function) ? call.function : {};
      names.set(textOf(call.id), visible(textOf(name)));
    }
  }
  return names;
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
