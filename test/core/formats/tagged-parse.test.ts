import { describe, expect, test } from 'vitest';
import type { Message } from '../../../core/conversation.ts';
import { normaliseTools, parseTagged } from '../../../core/formats/tagged-parse.ts';

const find = (args: string, id = 'call_1') => ({
  id,
  type: 'function' as const,
  function: { name: 'find', arguments: args },
});
const calling = (content: string | null, ...args: string[]): Message => ({
  role: 'assistant',
  content,
  tool_calls: args.map((text, index) => find(text, `call_${index + 1}`)),
});
const user: Message = { role: 'user', content: 'Hi.' };
const USER = '<user>\nHi.\n</user>\n';
const CALL = '{"name":"find","arguments":{"q":1}}';
const called = calling(null, '{"q":1}');

/** What a model wrote, the messages that it means, and what was put right. */
const REPAIRED: [string, string, Message[], string[]][] = [
  ['nothing', USER, [user], []],
  ['blocks on one line', '<user>Hi.</user><user>Hi.</user>', [user, user], []],
  ['chatter around', `Sure!\n${USER}Hope this helps.`, [user], ['outside_text', 'outside_text']],
  ['a fence around', `\`\`\`xml\n${USER}\`\`\``, [user], ['code_fence', 'code_fence']],
  ['thinking first', `<think>\nA <user> block.\n</think>\n${USER}`, [user], ['think']],
  ['thinking whose tag was in the prompt', `Let me see.\n</think>\n${USER}`, [user], ['think']],
  ['tags in capitals', '<User>\nHi.\n</USER>', [user], ['tag_case', 'tag_case']],
  ['a block that ends at the next', `<user>\nHi.\n${USER}`, [user, user], ['missing_close']],
  ['a last block that is not closed', `${USER}<user>\nHi.`, [user, user], ['missing_close']],
  ['a wrong closing tag', `<user>\nHi.\n</assistant>\n${USER}`, [user, user], ['wrong_close']],
  ['a closing tag too many', `${USER}</user>\n${USER}`, [user, user], ['stray_close']],
  [
    'a tag in a text',
    '<user>Use <tool> here.</user>',
    [{ role: 'user', content: 'Use <tool> here.' }],
    ['unescaped_tag'],
  ],
  [
    'other markup in a text',
    '<user>a <b> & <think></user>',
    [{ role: 'user', content: 'a <b> & <think>' }],
    [],
  ],
  ['an escaped tag', '<user>&lt;/user></user>', [{ role: 'user', content: '</user>' }], []],
  ['a call', `<assistant>\n<func>${CALL}</func>\n</assistant>`, [called], []],
  [
    'a call without closing tag',
    `<assistant>\n<func>${CALL}\n</assistant>`,
    [called],
    ['missing_close'],
  ],
  ['a call at the end', `<assistant>\n<func>${CALL}`, [called], ['missing_close', 'missing_close']],
  [
    'a closing func too many',
    `<assistant>\n<func>${CALL}</func></func>\n</assistant>`,
    [called],
    ['stray_close'],
  ],
  [
    'text around calls',
    `<assistant>One.<func>${CALL}</func>Two.</assistant>`,
    [calling('One.\nTwo.', '{"q":1}')],
    ['text_after_call'],
  ],
  [
    'parallel calls',
    `<assistant>\n<func>${CALL}</func>\n<func>${CALL}</func>\n</assistant>`,
    [calling(null, '{"q":1}', '{"q":1}')],
    [],
  ],
  [
    'parallel calls as a list',
    `<assistant><func>[${CALL},${CALL}]</func></assistant>`,
    [calling(null, '{"q":1}', '{"q":1}')],
    ['call_shape'],
  ],
  [
    'a Hermes call',
    `<assistant><tool_call>\n${CALL}\n</tool_call></assistant>`,
    [called],
    ['call_tag'],
  ],
  ['a call outside of a turn', `${USER}<func>${CALL}</func>`, [user, called], ['call_outside']],
  [
    'a call after its turn',
    `<assistant>\nOne.\n</assistant>\n<func>${CALL}</func>`,
    [calling('One.', '{"q":1}')],
    ['call_outside'],
  ],
  [
    'fenced JSON',
    `<assistant><func>\n\`\`\`json\n${CALL}\n\`\`\`\n</func></assistant>`,
    [called],
    ['code_fence'],
  ],
  [
    'broken JSON',
    "<assistant><func>{name: 'find', 'arguments': {'q': 1,}}</func></assistant>",
    [called],
    ['json'],
  ],
  [
    'a missing bracket',
    '<assistant><func>{"name":"find","arguments":{"q":1}</func></assistant>',
    [called],
    ['json'],
  ],
  [
    'tags inside JSON',
    '<assistant><func>{"name":"find","arguments":{"q":"<user>"}}</func></assistant>',
    [calling(null, '{"q":"<user>"}')],
    [],
  ],
  [
    'arguments as a string',
    '<assistant><func>{"name":"find","arguments":"{\\"q\\": 1}"}</func></assistant>',
    [called],
    ['call_shape'],
  ],
  [
    'arguments that are no object',
    '<assistant><func>{"name":"find","arguments":"q=1"}</func></assistant>',
    [calling(null, 'q=1')],
    [],
  ],
  [
    'parameters',
    '<assistant><func>{"name":"find","parameters":{"q":1}}</func></assistant>',
    [called],
    ['call_shape'],
  ],
  [
    'no arguments',
    '<assistant><func>{"name":"find"}</func></assistant>',
    [calling(null, '{}')],
    ['call_shape'],
  ],
  [
    'a function wrapper',
    `<assistant><func>{"type":"function","function":${CALL}}</func></assistant>`,
    [called],
    ['call_shape'],
  ],
  [
    'a number that is rounded',
    '<assistant><func>{"name":"find","arguments":{"q":12345678901234567891}}</func></assistant>',
    [calling(null, '{"q":12345678901234567000}')],
    ['rounded_number'],
  ],
  [
    'results in order, one too many',
    `<assistant><func>${CALL}</func></assistant><tool>1</tool><tool>2</tool>`,
    [
      called,
      { role: 'tool', tool_call_id: 'call_1', content: '1' },
      { role: 'tool', tool_call_id: 'orphan_1', content: '2' },
    ],
    ['orphan_result'],
  ],
];

/** What cannot be read without guessing. */
const PROBLEMS: [string, string, string][] = [
  ['nothing', '', 'holds no message'],
  ['chatter alone', 'I cannot do that.', 'holds no message'],
  ['a call cut off', '<assistant>\n<func>{"name":"find","arguments":{"q":"ab', 'is cut off'],
  [
    'a call cut off between brackets',
    '<assistant>\n<func>{"name":"find","arguments":{"q":1}',
    'is cut off',
  ],
  [
    'a call closed inside a string',
    '<assistant><func>{"name":"find","arguments":{"q":"ab</func></assistant>',
    'is cut off',
  ],
  ['tools cut off', '<toolsets>\n[{"type":"function","function":{"name":"a"}},', 'is cut off'],
  ['a text cut off', `${USER}<user>\nPlease find the`, 'is cut off inside <user>'],
  ['a result cut off', `${USER}<tool>\n{"a": "b."`, 'is cut off inside <tool>'],
  ['thinking cut off', '<think>Let me', 'ends inside its think block'],
  [
    'a call without a name',
    '<assistant><func>{"arguments":{}}</func></assistant>',
    'no call with a name',
  ],
  ['no JSON in a call', '<assistant><func>find it</func></assistant>', 'no call with a name'],
  [
    'a turn inside a line of another',
    '<user>Hi.<assistant>Hello.</assistant>',
    'stands inside <user>',
  ],
  ['text that lost its turn', `${USER}Well.</assistant>`, 'closes nothing'],
  ['a call without opening tag', `<assistant>${CALL}</func></assistant>`, 'closes nothing'],
  ['a call of the user', `<user>\n<func>${CALL}</func>\n</user>`, 'stands inside <user>'],
  ['two toolsets', `<toolsets>[]</toolsets><toolsets>[]</toolsets>${USER}`, 'two toolsets'],
  ['a tool without a name', `<toolsets>[{"description":"d"}]</toolsets>${USER}`, 'function.name'],
];

describe('an answer of a model', () => {
  test.each(REPAIRED)('is read: %s', (_name, text, messages, codes) => {
    const parsed = parseTagged(text);
    expect(parsed).toMatchObject({ ok: true, conversation: { messages, tools: [] } });
    expect(parsed.repairs.map(({ code }) => code)).toEqual(codes);
  });

  test.each(PROBLEMS)('is a problem: %s', (_name, text, problem) => {
    expect(parseTagged(text)).toMatchObject({
      ok: false,
      problem: expect.stringContaining(problem),
    });
  });

  test('has its blanks removed when asked to', () => {
    const text = '<user>\n\n Hi. \n</user>\n<assistant>\n\n</assistant>\n<user>\nHi.\n</user>';
    const parsed = parseTagged(text, { trim: true });
    const messages = [user, { role: 'assistant', content: null }, user];
    expect(parsed).toMatchObject({ ok: true, conversation: { messages } });
    expect(parsed.repairs.map(({ text: where }) => where)).toEqual(['message 0']);
  });

  test('takes tools from the caller only where it brings none', () => {
    const tools = [{ type: 'function' as const, function: { name: 'mine' } }];
    expect(parseTagged(USER, { tools })).toMatchObject({ conversation: { tools } });
    const own = `<toolsets>\n[]\n</toolsets>\n${USER}`;
    expect(parseTagged(own, { tools })).toMatchObject({ conversation: { tools: [] } });
  });
});

test.each([
  ['bare', '[{"name":"a","description":"d","parameters":{"type":"object"}}]', ['tool_shape']],
  [
    'flat',
    '[{"type":"function","name":"a","description":"d","parameters":{"type":"object"}}]',
    ['tool_shape'],
  ],
  [
    'with input_schema',
    '[{"type":"function","function":{"name":"a","description":"d","input_schema":{"type":"object"}}}]',
    ['tool_shape'],
  ],
  [
    'with other members',
    '[{"type":"function","function":{"name":"a","description":"d","parameters":{"type":"object"},"strict":true}}]',
    ['tool_shape'],
  ],
  [
    'one alone',
    '{"type":"function","function":{"name":"a","description":"d","parameters":{"type":"object"}}}',
    ['toolsets_shape'],
  ],
])('a tool definition is read: %s', (_name, json, codes) => {
  const definition = { name: 'a', description: 'd', parameters: { type: 'object' } };
  const tools = [{ type: 'function', function: definition }];
  const parsed = parseTagged(`<toolsets>\n${json}\n</toolsets>`);
  expect(parsed).toMatchObject({ ok: true, conversation: { tools } });
  expect(parsed.repairs.map(({ code }) => code)).toEqual(codes);
});

test('normaliseTools gives the wrapper and leaves what is no tool', () => {
  const wrapped = { type: 'function', function: { name: 'a' } };
  expect(normaliseTools([{ name: 'a' }, wrapped, 3])).toEqual([wrapped, wrapped, 3]);
});
