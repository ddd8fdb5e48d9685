import type { Message } from '../../core/conversation.ts';
import { errorMessage, UsageError } from '../../core/errors.ts';
import { exactObject } from '../../core/formats/arguments.ts';
import { exchangesOf } from '../../core/formats/exchanges.ts';
import type { DatasetRow, DatasetTask } from '../dataset-row.ts';

// Tokenizers turn these texts into control tokens wherever they stand.
const CONTROL_TOKEN = /<\|[A-Za-z0-9_]+\|>/;
// What Qwen3's chat template writes around calls, results and thoughts, and looks for in messages.
const TEMPLATE_TAG = /<\/?(?:tool_call|tool_response|think)>/;
const LONE_SURROGATE = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;

/** Why no trainer can be given a row as it is, or null. The reason tells which message and what in it. */
export function refusal(row: DatasetRow, task: DatasetTask): string | null {
  const shape = task === 'synthesizer' ? pairProblem(row) : dialogueProblem(row);
  if (shape !== null) return shape;
  for (const [index, message] of row.messages.entries()) {
    const problem = messageProblem(message, task);
    if (problem !== null) return `message ${index} (${message.role}) ${problem}`;
  }
  const tools = textProblem(JSON.stringify(row.tools), task === 'agent');
  if (tools !== null) return `the tools ${tools}`;
  const ids = textProblem(`${row.id} ${row.source_id}`, false);
  return ids === null ? null : `an id ${ids}`;
}

function pairProblem({ messages, tools }: DatasetRow): string | null {
  const [user, assistant, ...others] = messages;
  const isPair = user?.role === 'user' && assistant?.role === 'assistant' && others.length === 0;
  if (!isPair) {
    return `a synthesizer row is one user and one assistant message, not ${roles(messages)}`;
  }
  if (tools.length > 0 || assistant.tool_calls !== undefined) {
    return 'a synthesizer row has its tools and calls in the text';
  }
  return null;
}

function dialogueProblem(row: DatasetRow): string | null {
  const { messages } = row;
  const first = messages.findIndex(({ role }) => role !== 'system');
  if (messages[first]?.role !== 'user')
    return 'the first message after the system one is no user message';
  if (first > 1) return `${first} system messages at the beginning, where templates take one`;
  const late = messages.findIndex(({ role }, index) => role === 'system' && index > 0);
  if (late > 0) return `message ${late} is a system message in the middle`;
  if (messages.at(-1)?.role !== 'assistant') return 'the last message is not the assistant’s';
  try {
    exchangesOf(row);
  } catch (error) {
    if (error instanceof UsageError) return errorMessage(error);
    throw error;
  }
  return null;
}

function messageProblem(message: Message, task: DatasetTask): string | null {
  const content = message.content ?? '';
  if (message.role !== 'assistant') return textProblem(content, task === 'agent');
  const calls = message.tool_calls ?? [];
  if (calls.length === 0 && content.trim() === '') return 'has neither text nor calls';
  // Templates strip it, some in the last turn only.
  if (content.startsWith('\n')) return 'begins with an empty line, which chat templates drop';
  for (const { function: call } of calls) {
    if (exactObject(call.arguments) === undefined) {
      return `calls ${call.name} with arguments that are no JSON object, or hold a number beyond double precision`;
    }
    const problem = textProblem(`${call.name} ${call.arguments}`, true);
    if (problem !== null) return `in a call ${problem}`;
  }
  if (task === 'synthesizer' && /<\/?think>/.test(content))
    return 'holds a think tag, which templates cut out';
  return textProblem(content, task === 'agent');
}

function textProblem(text: string, isTemplated: boolean): string | null {
  const [found] = CONTROL_TOKEN.exec(text) ?? (isTemplated ? TEMPLATE_TAG.exec(text) : null) ?? [];
  if (found !== undefined) return `holds ${found}, which tokenizers take for a mark of their own`;
  return LONE_SURROGATE.test(text) ? 'holds half a character (a lone surrogate)' : null;
}

function roles(messages: readonly Message[]): string {
  return messages.map(({ role }) => role).join(', ') || 'none';
}
