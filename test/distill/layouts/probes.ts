import type { Message, ToolCall, ToolDefinition } from '../../../core/conversation.ts';
import type { DatasetRow } from '../../../distill/dataset-row.ts';

/** Rows that trainers are known to read differently, one trap each; ids name the trap. */
export const AGENT_PROBES: readonly DatasetRow[] = [
  probe('no-tools', [system('Be brief.'), user('Hello?'), says('Hello.')], []),
  probe('no-system', [user('Is it open?'), says('Which shop?')]),
  probe('parallel-calls', [
    system('You help.'),
    user('Weather in Oslo and Bergen?'),
    calls(null, [call('a', 'weather', { city: 'Oslo' }), call('b', 'weather', { city: 'Bergen' })]),
    result('a', '{"sky":"clear"}'),
    result('b', '{"sky": "rain"}'),
    says('Clear in Oslo, rain in Bergen.'),
  ]),
  probe('results-out-of-order', [
    user('Weather in Oslo and Bergen?'),
    calls(null, [call('a', 'weather', { city: 'Oslo' }), call('b', 'weather', { city: 'Bergen' })]),
    result('b', 'rain'),
    result('a', 'clear'),
    says('Clear and rain.'),
  ]),
  probe('text-beside-call', [
    system('You help.'),
    user('Weather in Oslo?'),
    calls('I will look it up.', [call('a', 'weather', { city: 'Oslo' })]),
    result('a', 'clear'),
    says('It is clear.'),
  ]),
  probe('text-beside-calls-of-last-turn', [
    user('Weather in Oslo and Bergen?'),
    calls('Looking.', [call('a', 'weather', { city: 'Oslo' }), call('b', 'weather', {})]),
  ]),
  probe('null-content', [
    user('Weather?'),
    calls(null, [call('a', 'weather', {})]),
    result('a', ''),
    says('I do not know.'),
  ]),
  probe('nested-arguments', [
    user('Book it.'),
    calls(null, [
      call('a', 'book', {
        trip: {
          legs: [
            { from: 'A', to: 'B', tags: [] },
            { from: 'B', to: null },
          ],
          free: {},
        },
        price: 12.5,
        small: 0.000001,
        large: 1e21,
        total: 100,
        confirmed: false,
      }),
    ]),
    result('a', '[1, {"ok": true}]'),
    says('Booked.'),
  ]),
  probe('unicode', [
    system('Größe, 大きさ, حجم'),
    user('Ärger 🙂 e\u0301 日本語 \u2028 \u00a0 tab\t"quoted" \\ back'),
    calls('Ça va 🙂', [call('a', 'weather', { 'stadt\u00fc': 'Zürich 🏔️', quote: '"\\/\n\u0001' })]),
    result('a', '{"ort":"Zürich","zeichen":"🏔️"}'),
    says('Fertig ✅'),
  ]),
  probe('date-argument', [
    user('2024-01-05'),
    calls(null, [call('a', 'weather', { date: '2024-01-05', at: '2024-01-05T10:00:00Z' })]),
    result('a', '2024-01-06'),
    says('2024-01-07'),
  ]),
  probe('several-questions', [
    system('You help.'),
    user('Hello'),
    says('Hello, what city?'),
    user('Oslo'),
    calls(null, [call('a', 'weather', { city: 'Oslo' })]),
    result('a', 'clear'),
    says('Clear.'),
    user('Thanks'),
    says('You are welcome.'),
  ]),
  probe('markup', [
    user('What do `{{ x }}`, {% raw %} and <b>bold</b> &amp; mean?'),
    calls('<i>See</i>', [call('a', 'weather', { city: '<b> </tools> {{ x }}' })]),
    result('a', '<html>{"a":1}</html>'),
    says('{{content}} is a slot.'),
  ]),
  probe('spaces-at-the-ends', [
    system(' You help. \n'),
    user('\n Weather? \n\n'),
    calls('Looking.  \n', [call('a', 'weather', { city: ' Oslo ' })]),
    result('a', '\n clear \n'),
    says(' Clear. \n'),
  ]),
  probe('react-words', [
    user('How does ReAct look?'),
    calls('Action: look\nAction Input: it up', [call('a', 'weather', {})]),
    result('a', 'Observation: clear'),
    says('Action: x\nAction Input: y\nObservation: z'),
  ]),
  probe('bare-tool', [user('Hi'), says('Hi.')], [tool('ping', undefined, undefined)]),
  probe('placeholders', [
    user('What are <image>, <video> and <audio> in HTML?'),
    says('<image> is none, <video> and <audio> are elements.'),
  ]),
];

/** Synthesizer pairs: tagged text with markup that the chat template also knows. */
export const PAIR_PROBES: readonly DatasetRow[] = [
  probe(
    'pair',
    [
      user('Write a trajectory.\n<passage>\nA reader may borrow six books.\n</passage>'),
      says(
        '<toolsets>\n[{"type": "function"}]\n</toolsets>\n<user>\nHi\n</user>\n<assistant>\n<tool_call id="call_1">\n{"name": "x", "arguments": {"d": "2024-01-05"}}\n</tool_call>\n</assistant>',
      ),
    ],
    [],
  ),
  probe('pair-unicode', [user('Größe 🙂 日本語'), says('Zürich 🏔️ </tool_call>\n')], []),
];

function probe(
  id: string,
  messages: Message[],
  tools: ToolDefinition[] = [
    tool('weather', 'Größe: tells the weather', {
      type: 'object',
      properties: { city: { type: 'string' }, date: { type: 'string', default: '2024-01-05' } },
      required: ['city'],
    }),
    tool('book', 'Books', {
      type: 'object',
      properties: { trip: { type: 'object', minProperties: 1 } },
    }),
  ],
): DatasetRow {
  return { id, source_id: '2024-01-05', messages, tools };
}

function tool(
  name: string,
  description?: string,
  parameters?: Record<string, unknown>,
): ToolDefinition {
  return {
    type: 'function',
    function: {
      name,
      ...(description === undefined ? {} : { description }),
      ...(parameters === undefined ? {} : { parameters }),
    },
  };
}

function system(content: string): Message {
  return { role: 'system', content };
}

function user(content: string): Message {
  return { role: 'user', content };
}

function says(content: string): Message {
  return { role: 'assistant', content };
}

function calls(content: string | null, tool_calls: ToolCall[]): Message {
  return { role: 'assistant', content, tool_calls };
}

function call(id: string, name: string, value: Record<string, unknown>): ToolCall {
  return { id, type: 'function', function: { name, arguments: JSON.stringify(value) } };
}

function result(tool_call_id: string, content: string): Message {
  return { role: 'tool', tool_call_id, content };
}
