import type { ToolDefinition } from '../../../core/conversation.ts';
import type { Known } from './known.ts';

/** What an assistant says, without inabilities that its tools belie, with references and numbers that are known. */
export function mendText(text: string, known: Known, tools: readonly ToolDefinition[]): string {
  const sentences = text.split(/(?<=[.!?])\s+(?=\p{Lu})/u);
  const kept = sentences
    .filter((sentence) => !isFalseInability(sentence, tools))
    .flatMap((sentence) => mendSentence(sentence, known));
  return kept.length > 0 ? kept.join(' ') : 'That is done.';
}

function isFalseInability(sentence: string, tools: readonly ToolDefinition[]): boolean {
  const what = /\b(?:not able|unable) to ([\w ]+)/.exec(sentence)?.[1];
  return (
    what !== undefined &&
    tools.some((tool) => what.trim() === tool.function.name.replaceAll('_', ' '))
  );
}

/** References and numbers, such as RC-1042, 2026-03-14 or 7. */
const TOKEN = /[\p{L}\d][\p{L}\d./:-]*\d[\p{L}\d-]*|\d/gu;

/** A sentence with every unknown figure replaced by its like; without one it is left out. */
function mendSentence(sentence: string, known: Known): string[] {
  let isLost = false;
  const mended = sentence.replace(TOKEN, (token, at: number) => {
    if (isKnown(token, known)) return token;
    const like = likeOf(token, sentence.slice(at + token.length), known.text);
    if (like === undefined) isLost = true;
    return like ?? token;
  });
  return isLost ? [] : [mended];
}

const isKnown = (token: string, known: Known): boolean =>
  /^\d+$/.test(token) ? known.has(Number(token)) : known.has(token);

/** The latest figure of the same form: the same letters, or for a bare number the same word after it. */
function likeOf(token: string, after: string, text: string): string | undefined {
  const figures = [...text.matchAll(TOKEN)];
  const letters = token.replace(/\d+/g, '');
  if (letters !== '') return figures.findLast(([one]) => one.replace(/\d+/g, '') === letters)?.[0];
  const word = /^\s*(\p{L}+)/u.exec(after)?.[1];
  return figures.findLast(
    ({ 0: one, index }) =>
      /^\d+$/.test(one) &&
      word !== undefined &&
      text
        .slice(index + one.length)
        .trimStart()
        .startsWith(word),
  )?.[0];
}
