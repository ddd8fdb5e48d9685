import fc from 'fast-check';
import type {
  Conversation,
  Message,
  ToolCall,
  ToolDefinition,
} from '../../../core/conversation.ts';
import { RESERVED_TAGS } from '../../../core/formats/tagged.ts';

const codeUnits = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map((units) => String.fromCharCode(...units));

const tag = fc
  .tuple(
    fc.constantFrom('<', '</', '&lt;', '&amp;lt;/', '&amp;amp;lt;', '\\u003c', '&amp;'),
    fc.constantFrom(...RESERVED_TAGS, 'USER', 'User', 'ToolSets', 'b', 'users'),
    fc.constantFrom('>', ' n="1">', '', ' ', '\n', '/>', '-x>'),
  )
  .map((parts) => parts.join(''));

/** Any text: any UTF-16 code units, lines, and what looks like our tags. */
export const anyText: fc.Arbitrary<string> = fc
  .array(
    fc.oneof(
      tag,
      codeUnits,
      fc.string({ unit: 'grapheme' }),
      fc.constantFrom('\n', ' ', '```', '"', '{}'),
    ),
    { maxLength: 6 },
  )
  .map((parts) => parts.join(''));

/** A JSON value as JSON.parse gives it; `__proto__`, which zod's records leave out, is no key. */
const anyJson: fc.Arbitrary<unknown> = fc
  .letrec((tie) => ({
    value: fc.oneof(
      { maxDepth: 3 },
      fc.constantFrom(null, true, false, 0, -1.5, 12, 1e21),
      anyText,
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(anyKey(), tie('value'), { maxKeys: 3 }),
    ),
  }))
  .value.map((value): unknown => JSON.parse(JSON.stringify(value)));

const anyObject: fc.Arbitrary<Record<string, unknown>> = fc
  .dictionary(anyKey(), anyJson, { maxKeys: 3 })
  .map((object): Record<string, unknown> => JSON.parse(JSON.stringify(object)));

function anyKey(): fc.Arbitrary<string> {
  return anyText.filter((key) => key !== '__proto__');
}

const anyTool: fc.Arbitrary<ToolDefinition> = fc
  .record(
    { name: anyText, description: anyText, parameters: anyObject },
    { requiredKeys: ['name'], noNullPrototype: true },
  )
  .map((definition) => ({ type: 'function', function: definition }));

const anyCall: fc.Arbitrary<ToolCall> = fc
  .record({
    id: fc.oneof(fc.constantFrom('call_1', 'call_2', 'call_3'), anyText),
    name: anyText,
    arguments: fc.oneof(
      { arbitrary: anyObject.map((object) => JSON.stringify(object)), weight: 5 },
      fc.constantFrom('', '[1]', 'not JSON', '{"a": ', '"{}"', '{"id":12345678901234567891}'),
      anyText.filter((text) => !text.includes('{')),
    ),
  })
  .map(({ id, ...call }) => ({ id, type: 'function', function: call }));

const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constant('system' as const), content: anyText }),
  fc.record({ role: fc.constant('user' as const), content: anyText }),
  fc.record({ role: fc.constant('assistant' as const), content: fc.option(anyText) }),
  fc.record({
    role: fc.constant('assistant' as const),
    content: fc.option(anyText),
    tool_calls: fc.array(anyCall, { minLength: 1, maxLength: 3 }),
  }),
  fc.record({
    role: fc.constant('tool' as const),
    tool_call_id: fc.oneof(fc.constantFrom('call_1', 'call_2'), anyText),
    content: anyText,
  }),
);

/** Any conversation at all: ids that match nothing, turns in any order. */
export const anyConversation: fc.Arbitrary<Conversation> = fc.record({
  messages: fc.array(anyMessage, { maxLength: 6 }),
  tools: fc.array(anyTool, { maxLength: 3 }),
});

const someText = anyText.filter((text) => text !== '');

/** Turns as formats without ids can hold them: alternating, every call answered, ids as they give them. */
export const orderlyConversation: fc.Arbitrary<Conversation> = fc
  .record({
    system: fc.option(someText),
    rounds: fc.array(
      fc.record({
        user: anyText,
        calls: fc.array(fc.array(anyCall, { minLength: 1, maxLength: 3 }), { maxLength: 2 }),
        text: fc.option(someText),
        result: anyText,
        answer: anyText,
      }),
      { maxLength: 3 },
    ),
    tools: fc.array(anyTool, { maxLength: 2 }),
  })
  .map(({ system, rounds, tools }) => {
    const messages: Message[] = system === null ? [] : [{ role: 'system', content: system }];
    let count = 0;
    for (const { user, calls, text, result, answer } of rounds) {
      messages.push({ role: 'user', content: user });
      for (const turn of calls) {
        const tool_calls = turn.map((call, index) => ({
          ...call,
          id: `call_${count + index + 1}`,
        }));
        count += turn.length;
        messages.push({ role: 'assistant', content: text, tool_calls });
        for (const { id } of tool_calls) {
          messages.push({ role: 'tool', tool_call_id: id, content: result });
        }
      }
      messages.push({ role: 'assistant', content: answer });
    }
    return { messages, tools };
  });
