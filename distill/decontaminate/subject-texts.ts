import type { Message } from '../../core/conversation.ts';
import type { Subject } from './hit.ts';

/** A text of a row and where it stands in it. */
export interface PlacedText {
  where: string;
  text: string;
}

/** Everything a row says: what the messages say and call with, what the tools say of themselves, the passage. */
export function textsOf({ messages, tools, source }: Subject): PlacedText[] {
  const placed: PlacedText[] = [];
  for (const [index, message] of messages.entries()) {
    for (const text of textsOfMessage(message)) placed.push({ where: `messages[${index}]`, text });
  }
  for (const [index, tool] of tools.entries()) {
    const { description } = tool.function;
    if (description) placed.push({ where: `tools[${index}]`, text: description });
  }
  if (source) placed.push({ where: 'source', text: source.text });
  return placed;
}

/** What was asked, for a comparison of meaning: each user message, all of them together, the passage. */
export function requestsOf({ messages, source }: Subject): PlacedText[] {
  const users = messages.flatMap(({ role, content }, index) =>
    role === 'user' && content ? [{ where: `messages[${index}]`, text: content }] : [],
  );
  const together = users.map(({ text }) => text).join('\n');
  return [
    ...users,
    ...(users.length > 1 ? [{ where: 'messages', text: together }] : []),
    ...(source ? [{ where: 'source', text: source.text }] : []),
  ];
}

function textsOfMessage(message: Message): string[] {
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  const inCalls = calls.map((call) => call.function.arguments.replace(ESCAPED_SPACE, ' '));
  const texts = [message.content ?? '', ...inCalls];
  return texts.filter((text) => text !== '');
}

/** A line's end as JSON writes it, whose letter would join the next word. */
const ESCAPED_SPACE = /\\[nrt]/g;
