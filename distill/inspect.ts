import type { Message } from '../core/conversation.ts';
import type { RenderedChat } from '../core/text/chat-template.ts';
import type { Span } from '../core/text/chat-template-marks.ts';
import { type SpecialTokenInText, specialTokensIn } from '../core/text/special-tokens.ts';
import type { ChatTokenizer } from '../core/text/tokenizer.ts';
import type { DatasetRow } from './dataset-row.ts';
import { areTokensEstimated, countTokens, measureTokens, renderRow } from './tokens.ts';

/** A piece of a rendered row. */
export interface Segment {
  text: string;
  /** Whether the loss falls on it when only assistants are trained. */
  trained: boolean;
}

/** A row as the model reads it. */
export interface InspectedRow {
  tokens: number;
  trainedTokens: number;
  /** The figures are estimates. */
  estimated: boolean;
  /** The text through the chat template, or the bare messages where there is none. */
  rendered: 'chat template' | 'messages';
  /** False where the template does not tell what is trained: then no segment says so. */
  tellsTrained: boolean;
  /** All of the text, in order. */
  segments: Segment[];
  problems: SpecialTokenInText[];
}

/** Renders and counts a row, as it stands in a trainer's file. @throws UsageError when the template refuses it */
export function inspectRow(row: DatasetRow, tokenizer: ChatTokenizer | null): InspectedRow {
  const problems = tokenizer === null ? [] : specialTokensIn(row, tokenizer.specials);
  const common = { estimated: areTokensEstimated(tokenizer), problems };
  if (tokenizer === null || tokenizer.template === null) {
    const { tokens, trained } = measureTokens(row, tokenizer);
    const segments = row.messages.flatMap(bareSegments);
    const rendered = 'messages' as const;
    return { ...common, tokens, trainedTokens: trained, rendered, tellsTrained: true, segments };
  }
  const chat = renderRow(row, tokenizer.template);
  const { tokens, trained } = countTokens(row, chat, tokenizer);
  return {
    ...common,
    tokens,
    trainedTokens: trained,
    rendered: 'chat template',
    tellsTrained: chat.trained !== null,
    segments: segmentsOf(chat),
  };
}

function segmentsOf({ text, trained }: RenderedChat): Segment[] {
  const segments: Segment[] = [];
  const cut = ({ start, end }: Span, isTrained: boolean) => {
    if (end > start) segments.push({ text: text.slice(start, end), trained: isTrained });
  };
  let done = 0;
  for (const span of trained ?? []) {
    cut({ start: done, end: span.start }, false);
    cut(span, true);
    done = span.end;
  }
  cut({ start: done, end: text.length }, false);
  return segments;
}

function bareSegments(message: Message): Segment[] {
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  const printed = calls.map(({ function: { name, arguments: args } }) => `${name}(${args})`);
  const content = message.content ?? '';
  const text = [...(content === '' ? [] : [content]), ...printed].join('\n');
  return [
    { text: `[${message.role}]\n`, trained: false },
    { text, trained: message.role === 'assistant' },
    { text: '\n\n', trained: false },
  ];
}
