import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Conversation } from '../../../core/conversation.ts';
import { UsageError } from '../../../core/errors.ts';
import { fromHermes, toHermes } from '../../../core/formats/hermes.ts';
import { fromOpenAi, toOpenAi } from '../../../core/formats/openai.ts';
import { fromShareGpt, toShareGpt } from '../../../core/formats/sharegpt.ts';
import { printTagged } from '../../../core/formats/tagged.ts';
import { parseTagged } from '../../../core/formats/tagged-parse.ts';
import { anyConversation, orderlyConversation } from './arbitrary.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

const FORMATS = {
  openai: { write: toOpenAi, read: fromOpenAi },
  sharegpt: { write: toShareGpt, read: fromShareGpt },
  hermes: { write: toHermes, read: fromHermes },
};

// A folder a case: conversation.json and what each format makes of it.
describe.each(readdirSync(FIXTURES))('the conversation %s', (name) => {
  const file = (path: string) => readFileSync(join(FIXTURES, name, path), 'utf8');
  const conversation = Conversation.parse(JSON.parse(file('conversation.json')));

  test.each(Object.entries(FORMATS))('is written and read as %s', (format, { write, read }) => {
    const golden: unknown = JSON.parse(file(`${format}.json`));
    expect(write(conversation)).toEqual(golden);
    expect(read(golden)).toEqual(conversation);
  });

  test('is written and read as tagged text', () => {
    expect(`${printTagged(conversation)}\n`).toBe(file('tagged.txt'));
    expect(parseTagged(file('tagged.txt'))).toEqual({ ok: true, conversation, repairs: [] });
  });
});

describe('write, then read', () => {
  test('openai keeps any conversation', () => {
    fc.assert(
      fc.property(anyConversation, (conversation) => {
        expect(fromOpenAi(toOpenAi(conversation))).toEqual(conversation);
      }),
    );
  });

  test('sharegpt keeps alternating turns', () => {
    fc.assert(
      fc.property(orderlyConversation, (conversation) => {
        expect(fromShareGpt(toShareGpt(conversation))).toEqual(conversation);
      }),
    );
  });

  test('hermes keeps turns without its tags in their text', () => {
    const held = orderlyConversation.filter(({ messages }) =>
      messages.every(
        ({ role, content }) =>
          !(role === 'assistant' && content?.includes('<tool_call>')) &&
          !(role === 'system' && content.includes('<tools>')),
      ),
    );
    fc.assert(
      fc.property(held, (conversation) => {
        expect(fromHermes(toHermes(conversation))).toEqual(conversation);
      }),
    );
  });
});

const user = { role: 'user' as const, content: 'Hi.' };
const call = (id: string) => ({
  id,
  type: 'function' as const,
  function: { name: 'f', arguments: '{}' },
});
const calling = (...ids: string[]) => ({
  role: 'assistant' as const,
  content: null,
  tool_calls: ids.map(call),
});
const result = (id: string, content = 'x') => ({
  role: 'tool' as const,
  tool_call_id: id,
  content,
});

test('results out of order are put in the order of their calls', () => {
  const messages = [
    user,
    calling('a', 'b'),
    result('b', 'two'),
    result('a', 'one'),
    { ...calling('c') },
  ];
  expect(toShareGpt({ messages, tools: [] }).conversations[2]?.value).toBe('["one","two"]');
});

test.each([
  ['two questions in a row', [user, user, calling('a')], 'alternating turns: turn 1 is human'],
  ['no answer at the end', [user], 'needs an answer at the end'],
  [
    'a later system message',
    [user, { role: 'system' as const, content: 's' }],
    'at the beginning only',
  ],
  [
    'a call without result',
    [user, calling('a', 'b'), result('a')],
    '2 calls of message 1 have 1 results',
  ],
  ['a result of another call', [user, calling('a'), result('b')], 'the call a has no result'],
  ['a result without call', [user, result('a')], 'message 1 answers no call'],
])('sharegpt refuses what its reader would skip: %s', (_name, messages, problem) => {
  expect(() => toShareGpt({ messages, tools: [] })).toThrow(UsageError);
  expect(() => toShareGpt({ messages, tools: [] })).toThrow(problem);
});

test('openai is read as it is found in files', () => {
  const tool = { type: 'function', function: { name: 'f' } };
  const found = {
    messages: [
      { role: 'developer', content: 's' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'a' },
          { type: 'text', text: 'b' },
        ],
      },
      { role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: { a: 1 } } }] },
      { role: 'tool', content: null },
      { role: 'assistant', content: 'x', tool_calls: null },
      { role: 'assistant', content: 'x', tool_calls: [] },
    ],
    tools: JSON.stringify([tool]),
  };
  expect(fromOpenAi(found)).toEqual({
    messages: [
      { role: 'system', content: 's' },
      { role: 'user', content: 'ab' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          { id: 'call_1', type: 'function', function: { name: 'f', arguments: '{"a":1}' } },
        ],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '' },
      { role: 'assistant', content: 'x' },
      { role: 'assistant', content: 'x' },
    ],
    tools: [tool],
  });
});

test('hermes of another writer is read', () => {
  const system =
    'You call functions.\n<tools>\n[{"type": "function", "function": {"name": "f"}}]\n</tools>';
  const conversations = [
    { from: 'system', value: system },
    { from: 'human', value: 'Hi.' },
    { from: 'gpt', value: '<tool_call>\n{"arguments": {"a": 1}, "name": "f"}\n</tool_call>\n' },
    {
      from: 'tool',
      value: '<tool_response>\n{"name": "f", "content": {"b": 2}}\n</tool_response>\n',
    },
  ];
  expect(fromHermes({ conversations })).toMatchObject({
    messages: [
      { role: 'system', content: 'You call functions.\n' },
      user,
      { role: 'assistant', tool_calls: [{ id: 'call_1', function: { arguments: '{"a":1}' } }] },
      { role: 'tool', tool_call_id: 'call_1', content: '{"b":2}' },
    ],
    tools: [{ function: { name: 'f' } }],
  });
});

test.each([
  ['openai', fromOpenAi, { messages: [{ role: 'robot' }] }, 'messages.0.role'],
  ['openai', fromOpenAi, 3, 'it: '],
  ['openai', fromOpenAi, { messages: [], tools: '{' }, 'no JSON in the openai format'],
  ['sharegpt', fromShareGpt, { conversations: [{ from: 'human' }] }, 'conversations.0.value'],
  ['sharegpt', fromShareGpt, { conversations: [{ from: 'function_call', value: 'f' }] }, 'no JSON'],
  ['sharegpt', fromShareGpt, { conversations: [{ from: 'observation', value: '' }] }, 'answers no'],
  [
    'hermes',
    fromHermes,
    { conversations: [{ from: 'gpt', value: '<tool_call>{}' }] },
    'whole tool_call',
  ],
])('what is no conversation in the %s format says where', (_format, read, value, problem) => {
  expect(() => read(value)).toThrow(UsageError);
  expect(() => read(value)).toThrow(problem);
});
