import type { Conversation } from '../../core/conversation.ts';

/** Every text of a conversation by message: what is said, called with which arguments, and returned. */
export function textsOf({ messages }: Pick<Conversation, 'messages'>): string[] {
  return messages.flatMap((message) => {
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
    return [message.content ?? '', ...calls.map((call) => call.function.arguments)];
  });
}

/** What the user and the assistant say to each other. */
export function saidIn({ messages }: Pick<Conversation, 'messages'>): string[] {
  return messages.flatMap(({ role, content }) =>
    role === 'user' || role === 'assistant' ? [content ?? ''] : [],
  );
}
