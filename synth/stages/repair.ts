import type { Conversation, Message, ToolDefinition } from '../../core/conversation.ts';
import { parseContinuation } from './continuation-answer.ts';
import { conversationSchema, parseConversation, printConversation } from './conversation-answer.ts';
import { EXAMPLE_CONVERSATION, EXAMPLE_PASSAGE, EXAMPLE_WORKFLOW } from './example.ts';
import { type RepairInput, repairPrompt } from './repair-prompt.ts';
import type { AnswerFormat, Parsed, Stage } from './stage.ts';

export type { RepairInput } from './repair-prompt.ts';

/** The part written anew. */
export interface Mending {
  messages: Message[];
  /** null where the tools stay. */
  tools: ToolDefinition[] | null;
}

/** The worked example, whose last message states a wrong length. */
const FAULTY_EXAMPLE: Conversation = {
  ...EXAMPLE_CONVERSATION,
  messages: [
    ...EXAMPLE_CONVERSATION.messages.slice(0, 4),
    { role: 'assistant', content: 'Yes: berth B-14 is free and takes boats up to 12 metres.' },
  ],
};

/** The faulty part of a conversation once more, with what was found in it; the messages before it stay as they are. */
export const repair: Stage<RepairInput, Mending> = {
  name: 'repair',
  prompt: repairPrompt,
  probe: {
    passage: EXAMPLE_PASSAGE,
    workflow: EXAMPLE_WORKFLOW,
    conversation: FAULTY_EXAMPLE,
    faultIndex: 4,
    findings: [
      {
        code: 'stated_number_unknown',
        severity: 'error',
        message_index: 4,
        path: 'content',
        text: 'the assistant states 12, which no result and no user message has',
      },
    ],
    verdict: null,
    patterns: ['clarification', 'rule_awareness', 'multi_hop_reasoning'],
    language: 'English',
  },
  answerSchema: { ...conversationSchema(true), required: ['messages'] },
  parse: (text, input, format) => {
    const { conversation, faultIndex } = input;
    if (faultIndex === 0) return parseWhole(text, format);
    const before = { ...conversation, messages: conversation.messages.slice(0, faultIndex) };
    const parsed = parseContinuation(text, before, format);
    return parsed.ok ? { ...parsed, value: { messages: parsed.value, tools: null } } : parsed;
  },
  print: ({ messages, tools }, format) =>
    printConversation({ messages, tools: tools ?? [] }, format, tools !== null),
};

/** The next version: the messages before the fault, then those written anew. */
export function mended(
  { conversation, faultIndex }: Pick<RepairInput, 'conversation' | 'faultIndex'>,
  { messages, tools }: Mending,
): Conversation {
  return {
    messages: [...conversation.messages.slice(0, faultIndex), ...messages],
    tools: tools ?? conversation.tools,
  };
}

function parseWhole(text: string, format: AnswerFormat): Parsed<Mending> {
  return parseConversation(text, null, format);
}
