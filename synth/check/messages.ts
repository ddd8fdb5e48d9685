import { analysed, type Check } from './check.ts';
import { shorten } from './json-path.ts';
import type { Hit, Row, RowMessage } from './row.ts';

const ROLES = new Set(['system', 'user', 'assistant', 'tool']);
const HOUSE_HABIT = { gem: 'error', foreign: 'note' } as const;
const ERROR = { gem: 'error', foreign: 'error' } as const;

/** Whether each message is well-formed by itself. */
export const MESSAGE_CHECKS: readonly Check[] = [
  {
    code: 'message_malformed',
    title: "A message is not in OpenAI's chat format",
    severity: ERROR,
    paper: true,
    explanation:
      'A message has a role and a content that is a text; calls have id, name and arguments as texts, results a tool_call_id.',
    fix: "Write the message as OpenAI's chat format has it.",
    example: '{"role": "user", "content": 5}',
    find: analysed('message_malformed'),
  },
  {
    code: 'role_unknown',
    title: 'A message has an unknown role',
    severity: ERROR,
    paper: true,
    explanation: 'Roles are system, user, assistant and tool.',
    fix: 'Use one of the four roles.',
    example: '{"role": "narrator", "content": "Night falls."}',
    find: (row) =>
      hits(
        row,
        ({ role }) => role !== '' && !ROLES.has(role),
        ({ role }) => `the role is ${JSON.stringify(shorten(role))}`,
      ),
  },
  {
    code: 'assistant_empty',
    title: 'An assistant message is empty',
    severity: ERROR,
    paper: true,
    explanation: 'An assistant message says something or calls a tool.',
    fix: 'Take the message out or write it.',
    example: '{"role": "assistant", "content": ""}',
    find: (row) =>
      hits(
        row,
        ({ role, content, calls }) =>
          role === 'assistant' && calls.length === 0 && content.trim() === '',
        () => 'neither text nor a call',
      ),
  },
  {
    code: 'message_empty',
    title: 'A message of the system, the user or a tool is empty',
    severity: HOUSE_HABIT,
    paper: true,
    explanation: 'Every message carries something; a tool that returns nothing says so in JSON.',
    fix: 'Take the message out or write it.',
    example: '{"role": "tool", "content": ""}',
    find: (row) =>
      hits(
        row,
        ({ role, content }) => ROLES.has(role) && role !== 'assistant' && content.trim() === '',
        ({ role }) => `the ${role} message is empty`,
      ),
  },
  {
    code: 'several_calls_a_turn',
    title: 'A turn makes several calls',
    severity: { ...HOUSE_HABIT, unrefined: null },
    paper: true,
    explanation:
      'After refinement an assistant message makes one call, so that each sees the result before it.',
    fix: 'Give each call a turn of its own, with its result after it.',
    example: 'assistant: find_book(...) find_author(...)',
    find: (row) =>
      hits(
        row,
        ({ calls }) => calls.length > 1,
        ({ calls }) => `${calls.length} calls in one turn`,
        'tool_calls',
      ),
  },
  {
    code: 'text_beside_call',
    title: 'A message has text beside its call',
    severity: { ...HOUSE_HABIT, unrefined: null },
    paper: false,
    explanation: 'After refinement an assistant message either speaks or calls.',
    fix: 'Move the text to the message after the result, or take it out.',
    example: 'assistant: Let me look. find_book(...)',
    find: (row) =>
      hits(
        row,
        ({ content, calls }) => calls.length > 0 && content.trim() !== '',
        ({ content }) => `beside the call: ${shorten(content)}`,
        'content',
      ),
  },
];

function hits(
  { messages }: Row,
  isFaulty: (message: RowMessage) => boolean,
  text: (message: RowMessage) => string,
  path: string | null = null,
): Hit[] {
  return messages.filter(isFaulty).map((message) => ({
    message_index: message.index,
    path,
    text: text(message),
  }));
}
