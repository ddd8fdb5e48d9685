import type { Conversation, Message } from '../core/conversation.ts';
import { errorMessage, UsageError } from '../core/errors.ts';
import type { RenderedChat } from '../core/text/chat-template.ts';
import type { ChatTokenizer } from '../core/text/tokenizer.ts';
import { estimateTokens } from '../core/text/tokens.ts';
import type { DatasetRow } from './dataset-row.ts';
import { asTrained } from './layouts/layout-line.ts';

/** How long a row is for a model: never cropped, so that what is too long is known before a GPU is rented. */
export interface RowTokens {
  tokens: number;
  /** Those under the loss when only assistants are trained. */
  trained: number;
}

/** About what ChatML writes around a message: both marks, the role, two line ends. */
const AROUND_MESSAGE = 5;
/** About what Qwen3's template says of tools before and after their list. */
const AROUND_TOOLS = 120;

/**
 * Counts a row as trainers' files have it, through the tokenizer's chat template. Where
 * `areTokensEstimated` the figures are an estimate. A turn that begins with a run of blank lines may count one token
 * more or less as trained than a trainer's mask has.
 * @throws UsageError when the chat template refuses the row, with its own words
 */
export function measureTokens(row: DatasetRow, tokenizer: ChatTokenizer | null): RowTokens {
  const written = asTrained(row);
  if (tokenizer === null || tokenizer.template === null)
    return estimated(written, tokenizer?.count ?? estimateTokens);
  return countTokens(written, renderRow(written, tokenizer.template), tokenizer);
}

/** The row's text as the model reads it. @throws UsageError when the chat template refuses the row */
export function renderRow(
  row: DatasetRow,
  template: NonNullable<ChatTokenizer['template']>,
): RenderedChat {
  try {
    return template.render(row);
  } catch (cause) {
    throw new UsageError(
      `the chat template refuses row ${row.id}: ${errorMessage(cause)}; it may want another order of roles, or be of a model that has no tools`,
      { cause },
    );
  }
}

/** The tokens of a rendered row; the trained ones are estimated where the template does not tell them. */
export function countTokens(
  row: Conversation,
  { text, trained }: RenderedChat,
  tokenizer: ChatTokenizer,
): RowTokens {
  const { tokens, within } = tokenizer.countWithin(text, trained ?? []);
  if (trained !== null) return { tokens, trained: within };
  return { tokens, trained: Math.min(tokens, estimated(row, tokenizer.count).trained) };
}

/** Whether measureTokens estimates with this tokenizer: there is none, it has no template, or one of unknown turns. */
export function areTokensEstimated(tokenizer: ChatTokenizer | null): boolean {
  return tokenizer?.template?.tellsTrained !== true;
}

/** Without a template: the texts by the count, and what is usual around them. */
function estimated({ messages, tools }: Conversation, count: (text: string) => number): RowTokens {
  let tokens = tools.length === 0 ? 0 : AROUND_TOOLS + count(JSON.stringify(tools));
  let trained = 0;
  for (const message of messages) {
    const own = count(textOf(message)) + AROUND_MESSAGE;
    tokens += own;
    if (message.role === 'assistant') trained += own - AROUND_MESSAGE + 1;
  }
  return { tokens, trained };
}

function textOf(message: Message): string {
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  const printed = calls.map(
    ({ function: { name, arguments: args } }) =>
      `<tool_call>\n{"name": "${name}", "arguments": ${args}}\n</tool_call>`,
  );
  return [message.content ?? '', ...printed].join('\n');
}
