import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Conversation } from '../../../core/conversation.ts';
import { printTagged } from '../../../core/formats/tagged.ts';
import { parseTagged } from '../../../core/formats/tagged-parse.ts';
import { anyConversation, anyText } from './arbitrary.ts';

describe('any text', () => {
  const mutated = fc
    .tuple(
      anyConversation,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 40 }), anyText), { maxLength: 4 }),
    )
    .map(([conversation, edits]) =>
      edits.reduce((text, [at, length, insert]) => {
        const start = at % (text.length + 1);
        return text.slice(0, start) + insert + text.slice(start + length);
      }, printTagged(conversation)),
    );

  test('is read or is a problem, never an exception', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, mutated), fc.boolean(), (text, trim) => {
        const parsed = parseTagged(text, { trim });
        if (parsed.ok) Conversation.parse(parsed.conversation);
        else expect(parsed.problem).not.toBe('');
      }),
      { numRuns: 3000 },
    );
  });

  test('what was read prints to text that needs no repair', () => {
    fc.assert(
      fc.property(mutated, (text) => {
        const parsed = parseTagged(text);
        if (!parsed.ok) return;
        const { conversation } = parsed;
        expect(parseTagged(printTagged(conversation))).toEqual({
          ok: true,
          conversation,
          repairs: [],
        });
      }),
      { numRuns: 1000 },
    );
  });
});

test.each([
  '<',
  '<user',
  '<user>',
  '<user>\n',
  '</user>',
  '<func>',
  '<assistant><func>{"a":"<user>"}',
  '<assistant>\n<func>',
  '<func>{"name":"a","arguments":"<user>"}</func>',
  '&amp;',
  '&lt;',
  '<user id="',
  '```\n',
  '</think>',
  '"\\',
  '<func>"\\"',
  '\n \t',
])('a megabyte of %j is read at once', (piece) => {
  for (const start of ['', '<assistant>\n<func>', '<toolsets>[', '<user>\n']) {
    const parsed = parseTagged(start + piece.repeat(1_000_000 / piece.length));
    expect(typeof parsed.ok).toBe('boolean');
  }
});
