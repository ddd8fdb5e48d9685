import type { Conversation } from '../conversation.ts';

/** A special token that stands in a conversation's own text. */
export interface SpecialTokenInText {
  code: 'special_token_in_text';
  token: string;
  /** Such as messages[3].content. */
  where: string;
}

/**
 * Where the texts of a conversation hold special tokens: a tokenizer does not take them for the text that they
 * are but for the marks of a chat, so that a row may end, or begin a turn, in the middle of a sentence.
 * @param specials those of the tokenizer
 */
export function specialTokensIn(
  { messages, tools }: Conversation,
  specials: readonly string[],
): SpecialTokenInText[] {
  const texts = messages.flatMap((message, index) => {
    const at = `messages[${index}]`;
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
    return [
      { where: `${at}.content`, text: message.content ?? '' },
      ...calls.flatMap(({ function: { name, arguments: args } }, call) => [
        { where: `${at}.tool_calls[${call}].function.name`, text: name },
        { where: `${at}.tool_calls[${call}].function.arguments`, text: args },
      ]),
    ];
  });
  const definitions = tools.map((tool, index) => ({
    where: `tools[${index}]`,
    text: JSON.stringify(tool),
  }));
  return [...texts, ...definitions].flatMap(({ where, text }) =>
    specials
      .filter((token) => text.includes(token))
      .map((token) => ({ code: 'special_token_in_text' as const, token, where })),
  );
}
