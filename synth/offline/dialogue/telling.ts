import type { Message } from '../../../core/conversation.ts';

/** Short rules with a number first; one that says no reads as a refusal when it is told unasked. */
export function inTellingOrder(rules: readonly string[]): string[] {
  const rank = (rule: string) =>
    (REFUSES.test(rule) ? 200 : 0) + (/\d/.test(rule) ? 0 : 60) + rule.length;
  return [...rules].sort((a, b) => rank(a) - rank(b));
}

/** The first rule that is news to the user and can be recognised: by its number and two longer words, or by four. */
export function newsOf(rules: readonly string[], messages: readonly Message[]): string | undefined {
  const said = messages
    .flatMap(({ role, content }) => (role === 'user' || role === 'tool' ? [content ?? ''] : []))
    .join('\n')
    .toLowerCase();
  return rules.find((rule) => {
    if (REFUSES.test(rule)) return false;
    const long = rule.toLowerCase().match(/\p{L}{5,}/gu) ?? [];
    const fresh = new Set(long.filter((word) => !said.includes(word.replace(/(?:es|s)$/, ''))));
    const numbers = rule.match(/\d+/g) ?? [];
    return (
      fresh.size >= 4 || (long.length >= 2 && numbers.some((number) => !said.includes(number)))
    );
  });
}

const REFUSES = /\b(?:can(?:no|')t|not (?:possible|allowed|permitted|eligible)|no exceptions?)\b/i;
