import type { Conversation } from '../conversation.ts';
import type { Span } from './chat-template-marks.ts';

const HEADER = '<|im_start|>assistant\n';
const END = '<|im_end|>';

/**
 * The assistant turns of a ChatML text, each from behind its header to the end of its `<|im_end|>`. Null
 * when there are not as many as expected: then it is no ChatML, or none that is known here.
 */
export function chatmlSpans(text: string, turns: number): Span[] | null {
  const spans: Span[] = [];
  for (let at = text.indexOf(HEADER); at >= 0; at = text.indexOf(HEADER, at)) {
    const start = at + HEADER.length;
    const close = text.indexOf(END, start);
    const end = close < 0 ? text.length : close + END.length;
    spans.push({ start, end });
    at = end;
  }
  return spans.length === turns ? spans : null;
}

/**
 * The conversation with `<|im_` in its own texts replaced by as many other characters, so that only the
 * template's headers are left to find and every offset stays. Null when no text has it.
 */
export function withoutChatml(conversation: Conversation): Conversation | null {
  if (!holdsMark(conversation)) return null;
  return JSON.parse(JSON.stringify(conversation).replaceAll(MARK, '\uFDD4\uFDD5im_'));
}

const MARK = '<|im_';

function holdsMark(value: unknown): boolean {
  if (typeof value === 'string') return value.includes(MARK);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, member]) => key.includes(MARK) || holdsMark(member));
}
