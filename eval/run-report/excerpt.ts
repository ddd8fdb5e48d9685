import type { Rejection } from '../../core/trajectory.ts';
import { clipAround } from './clip.ts';
import type { Clipped } from './run-report.ts';

const EXCERPT_CHARACTERS = 240;

/** Where a finding or a verdict points. */
export interface Place {
  message_index: number | null;
  path: string | null;
  /** What is said about it; words in quotation marks are looked for. */
  text: string;
}

/** The words of a row that a place points to; null where it points to the row as a whole. */
export function excerptAt(
  { messages, tools }: Pick<Rejection, 'messages' | 'tools'>,
  place: Place,
): Clipped | null {
  const text =
    place.message_index === null
      ? toolText(tools, place.path)
      : messageText(messages[place.message_index], place.path);
  if (text === '') return null;
  return clipAround(text, offsetIn(text, place), EXCERPT_CHARACTERS);
}

function toolText(tools: Rejection['tools'], path: string | null): string {
  const tool = tools[numberIn(path, /^tools\[(\d+)\]/) ?? -1];
  return tool === undefined ? '' : JSON.stringify(tool.function);
}

function messageText(
  message: Rejection['messages'][number] | undefined,
  path: string | null,
): string {
  if (message === undefined) return '';
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  const call =
    calls[numberIn(path, /^tool_calls\[(\d+)\]/) ?? -1] ?? (message.content ? undefined : calls[0]);
  return call === undefined
    ? (message.content ?? '')
    : `${call.function.name}(${call.function.arguments})`;
}

function numberIn(path: string | null, pattern: RegExp): number | undefined {
  const digits = path === null ? undefined : pattern.exec(path)?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Where the words that a text quotes stand, or the last member of the path; else the beginning. */
function offsetIn(text: string, place: Place): number {
  const quoted = [...place.text.slice(0, 1000).matchAll(/"([^"…]{2,80})/g)].map(
    (match) => match[1] ?? '',
  );
  const member = place.path === null ? undefined : /[\w-]+$/.exec(place.path.slice(-100))?.[0];
  const needles = [...quoted, ...(member === undefined ? [] : [`"${member}"`])];
  const offsets = needles.map((needle) => text.indexOf(needle)).filter((offset) => offset >= 0);
  return offsets[0] ?? 0;
}
