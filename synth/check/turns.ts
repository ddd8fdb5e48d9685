import type { Check } from './check.ts';
import { shorten } from './json-path.ts';
import type { Hit, Row, RowMessage } from './row.ts';

const HOUSE_RULE = { gem: 'error', foreign: 'warning' } as const;
const HOUSE_HABIT = { gem: 'error', foreign: 'note' } as const;
const ERROR = { gem: 'error', foreign: 'error' } as const;

/** Whether the messages follow each other as a conversation does (paper, stages 3 and 4). */
export const TURN_CHECKS: readonly Check[] = [
  {
    code: 'no_calls',
    title: 'No tool is called',
    severity: HOUSE_RULE,
    paper: true,
    explanation: 'A tool-use trajectory has at least one call.',
    fix: 'Let the assistant do something with a tool, or leave the row out.',
    example: 'user: Hello. assistant: Hello!',
    find: ({ calls }) =>
      calls.length > 0
        ? []
        : [{ message_index: null, path: null, text: 'no message calls a tool' }],
  },
  {
    code: 'no_system',
    title: 'There is no system message',
    severity: HOUSE_HABIT,
    paper: true,
    explanation: 'The system message carries the rules that the assistant keeps.',
    fix: 'Begin with a system message.',
    example: 'user: Hello. assistant: ...',
    find: ({ messages }) =>
      messages.some(({ role }) => role === 'system')
        ? []
        : [{ message_index: null, path: null, text: "no message is the system's" }],
  },
  {
    code: 'system_not_first',
    title: 'The system message is not the first',
    severity: HOUSE_RULE,
    paper: true,
    explanation: 'Rules that come after the conversation began did not hold from its beginning.',
    fix: 'Move the system message to the beginning.',
    example: 'user: Hello. system: You are a librarian.',
    find: ({ messages }) =>
      systems(messages)
        .slice(0, 1)
        .filter(({ index }) => index > 0)
        .map((message) => hit(message, `the system message is message ${message.index}`)),
  },
  {
    code: 'system_repeated',
    title: 'There are several system messages',
    severity: HOUSE_RULE,
    paper: true,
    explanation: 'One system message holds throughout.',
    fix: 'Merge the system messages into the first.',
    example: 'system: Be kind. system: Be brief. user: ...',
    find: ({ messages }) =>
      systems(messages)
        .slice(1)
        .map((message) => hit(message, 'a further system message')),
  },
  {
    code: 'first_not_user',
    title: 'The user does not begin',
    severity: HOUSE_HABIT,
    paper: true,
    explanation: "The first message after the system's is the user's.",
    fix: 'Begin with what the user wants.',
    example: 'system: ... assistant: How can I help?',
    find: ({ messages }) =>
      messages
        .filter(({ role }) => role !== 'system')
        .slice(0, 1)
        .filter(({ role }) => role !== 'user')
        .map((message) => hit(message, `the first to speak is ${shorten(message.role)}`)),
  },
  {
    code: 'user_not_answered',
    title: 'A user message is not followed by the assistant',
    severity: HOUSE_RULE,
    paper: true,
    explanation: 'A user message is followed by an assistant message.',
    fix: 'Merge successive user messages, or answer each.',
    example: 'user: Hello. user: Anybody there?',
    find: (row) =>
      pairs(row, (message, next) => message.role === 'user' && next.role !== 'assistant'),
  },
  {
    code: 'tool_then_user',
    title: 'A tool result is followed by a user message',
    severity: ERROR,
    paper: true,
    explanation: 'After a result comes the assistant, who reports it or calls again.',
    fix: 'Let the assistant speak between the result and the user.',
    example: 'tool: {"ok": true}. user: Did it work?',
    find: (row) => pairs(row, (message, next) => message.role === 'tool' && next.role === 'user'),
  },
  {
    code: 'assistant_twice',
    title: 'The assistant speaks twice in a row',
    severity: HOUSE_RULE,
    paper: true,
    explanation:
      'An assistant message without a call is followed by the user or ends the conversation.',
    fix: 'Merge the two messages.',
    example: 'assistant: One moment. assistant: Here it is.',
    find: (row) =>
      pairs(
        row,
        (message, next) =>
          message.role === 'assistant' && message.calls.length === 0 && next.role === 'assistant',
      ),
  },
  {
    code: 'last_not_assistant',
    title: 'The assistant does not have the last word',
    severity: HOUSE_HABIT,
    paper: true,
    explanation: 'A conversation ends with an assistant message that calls nothing.',
    fix: "Add the assistant's closing message, or cut what follows its last one.",
    example: 'assistant: Done. user: Thanks.',
    find: ({ messages }) =>
      messages
        .slice(-1)
        .filter(({ role }) => role !== 'assistant')
        .map((message) => hit(message, `the last message is ${shorten(message.role)}'s`)),
  },
];

function systems(messages: readonly RowMessage[]): RowMessage[] {
  return messages.filter(({ role }) => role === 'system');
}

/** Messages that something is wrong with because of the one that follows; the hit is the latter's. */
function pairs(
  { messages }: Row,
  isFaulty: (message: RowMessage, next: RowMessage) => boolean,
): Hit[] {
  return messages.slice(1).flatMap((next, index) => {
    const message = messages[index];
    if (message === undefined || !isFaulty(message, next)) return [];
    return [hit(next, `${shorten(next.role)} follows ${shorten(message.role)}`)];
  });
}

function hit({ index }: RowMessage, text: string): Hit {
  return { message_index: index, path: null, text };
}
