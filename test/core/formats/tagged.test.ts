import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Conversation } from '../../../core/conversation.ts';
import {
  escapeMarkup,
  printTagged,
  printTools,
  RESERVED_TAGS,
  unescapeMarkup,
} from '../../../core/formats/tagged.ts';
import { parseTagged } from '../../../core/formats/tagged-parse.ts';
import { anyConversation, anyText } from './arbitrary.ts';

describe('escaping', () => {
  test.each([
    ['<user>', '&lt;user>'],
    ['</TOOL >', '&lt;/TOOL >'],
    ['a <Func id="x"> b', 'a &lt;Func id="x"> b'],
    ['&lt;user>', '&amp;lt;user>'],
    ['&amp;lt;/think>', '&amp;amp;lt;/think>'],
    ['<user', '&lt;user'],
  ])('%s becomes %s', (text, escaped) => {
    expect(escapeMarkup(text)).toBe(escaped);
  });

  test.each([
    'a < b && c > d',
    '<b>bold</b>',
    '<users>',
    '<user-agent>',
    '&lt;b&gt; &amp; ',
    '<toolbox>',
    'i < tools.length',
  ])('%s is ordinary text and stays', (text) => {
    expect(escapeMarkup(text)).toBe(text);
    expect(unescapeMarkup(text)).toBe(text);
  });

  test('is undone exactly, at any depth', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(unescapeMarkup(escapeMarkup(text))).toBe(text);
        const twice = escapeMarkup(escapeMarkup(text));
        expect(unescapeMarkup(unescapeMarkup(twice))).toBe(text);
      }),
      { numRuns: 2000 },
    );
  });

  test('leaves no reserved tag', () => {
    const tags = new RegExp(`</?(${RESERVED_TAGS.join('|')})[\\s>]`, 'i');
    fc.assert(
      fc.property(anyText, (text) => {
        expect(escapeMarkup(text)).not.toMatch(tags);
      }),
    );
  });
});

describe('printing', () => {
  const conversation: Conversation = {
    tools: [{ type: 'function', function: { name: 'find', description: 'Not a <user> tag.' } }],
    messages: [
      { role: 'user', content: 'Find <user> in it.' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id: 'call_1',
            type: 'function',
            function: { name: 'find', arguments: '{ "q": "</func>" }' },
          },
          { id: 'x"1', type: 'function', function: { name: 'find', arguments: 'broken' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: 'one' },
      { role: 'tool', tool_call_id: 'x"1', content: 'two' },
      { role: 'tool', tool_call_id: 'call_9', content: '' },
      { role: 'assistant', content: 'Done.' },
    ],
  };

  test('writes a block a message and ids only where they are not the usual ones', () => {
    expect(printTagged(conversation)).toBe(
      [
        '<toolsets>',
        '[{"type":"function","function":{"name":"find","description":"Not a \\u003cuser> tag."}}]',
        '</toolsets>',
        '<user>\nFind &lt;user> in it.\n</user>',
        '<assistant>',
        '<func>{"name":"find","arguments":{"q":"\\u003c/func>"}}</func>',
        '<func id="x&quot;1">{"name":"find","arguments":"broken"}</func>',
        '</assistant>',
        '<tool>\none\n</tool>',
        '<tool>\ntwo\n</tool>',
        '<tool id="call_9">\n\n</tool>',
        '<assistant>\nDone.\n</assistant>',
      ].join('\n'),
    );
  });

  test('leaves tools out and adds indices when asked to', () => {
    const text = printTagged(conversation, { indexed: true, tools: false });
    expect(text.startsWith('<user n="0">\nFind')).toBe(true);
    expect(text).toContain('<tool n="4" id="call_9">');
    const parsed = parseTagged(text, { tools: conversation.tools });
    expect(parsed).toMatchObject({
      ok: true,
      repairs: [],
      conversation: { tools: conversation.tools },
    });
  });

  test('writes one tool definition a line', () => {
    expect(printTools([])).toBe('[]');
    expect(printTools([...conversation.tools, ...conversation.tools]).split('\n')).toHaveLength(2);
  });
});

describe('print, then parse', () => {
  test('gives the same conversation without a repair', () => {
    fc.assert(
      fc.property(anyConversation, fc.boolean(), (conversation, indexed) => {
        expect(parseTagged(printTagged(conversation, { indexed }))).toEqual({
          ok: true,
          conversation,
          repairs: [],
        });
      }),
      { numRuns: 1000 },
    );
  });

  test('compacts arguments but never rounds a number in them', () => {
    const parse = (text: string) => {
      const call = {
        id: 'call_1',
        type: 'function' as const,
        function: { name: 'f', arguments: text },
      };
      const messages = [{ role: 'assistant' as const, content: null, tool_calls: [call] }];
      const parsed = parseTagged(printTagged({ messages, tools: [] }));
      if (!parsed.ok) throw new Error(parsed.problem);
      const [message] = parsed.conversation.messages;
      return message?.role === 'assistant'
        ? message.tool_calls?.[0]?.function.arguments
        : undefined;
    };
    expect(parse('{ "a" : 1.0 }')).toBe('{"a":1}');
    expect(parse('{"id": 1234567890123456789}')).toBe('{"id": 1234567890123456789}');
    expect(parse('{"id": "1234567890123456789"}')).toBe('{"id":"1234567890123456789"}');
  });
});
