import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Message, ToolCall } from '../../../core/conversation.ts';
import { UsageError } from '../../../core/errors.ts';
import type { DatasetRow } from '../../../distill/dataset-row.ts';
import { Trainer } from '../../../distill/layouts/layout.ts';
import { asTrained } from '../../../distill/layouts/layout-line.ts';
import { LAYOUTS } from '../../../distill/layouts/layouts.ts';
import { AGENT_PROBES, PAIR_PROBES } from './probes.ts';
import { lineOf } from './write-dataset.ts';

const PROBES = { agent: AGENT_PROBES, synthesizer: PAIR_PROBES };
const CASES = Trainer.options.flatMap((trainer) =>
  (['agent', 'synthesizer'] as const).map((task) => ({ trainer, task })),
);
const SPLITS = [
  { split: 'train' as const, rows: 100 },
  { split: 'validation' as const, rows: 2 },
  { split: 'test' as const, rows: 1 },
];

describe('files', () => {
  test.each(CASES)('$trainer $task rows are the golden ones', async ({ trainer, task }) => {
    const lines = PROBES[task].map(
      (row) => `${JSON.stringify(lineOf(LAYOUTS[trainer], row, task))}\n`,
    );
    await expect(lines.join('')).toMatchFileSnapshot(golden(`${trainer}-${task}.jsonl`));
  });

  test.each(CASES)(
    '$trainer $task has the golden files beside its rows',
    async ({ trainer, task }) => {
      const files = LAYOUTS[trainer].sidecars({ task, name: 'gem', splits: SPLITS });
      for (const { path, text } of files) {
        const name = path.replace('/', '-').replace('.', `-${task}.`);
        await expect(text).toMatchFileSnapshot(golden(name));
      }
      const folders = [LAYOUTS[trainer].file('train'), ...files.map(({ path }) => path)];
      expect(new Set(folders.map((path) => path.split('/')[0]))).toEqual(new Set([trainer]));
    },
  );

  test('axolotl’s settings name the splits that are there', () => {
    const splits = [{ split: 'train' as const, rows: 1 }];
    const [file] = LAYOUTS.axolotl.sidecars({ task: 'agent', name: 'gem', splits });
    expect(Object.keys(parse(file?.text ?? ''))).toEqual(['datasets']);
  });
});

describe('reading a line gives the row that was written', () => {
  test.each(CASES)('$trainer $task: any row', ({ trainer, task }) => {
    const layout = LAYOUTS[trainer];
    fc.assert(
      fc.property(task === 'agent' ? agentRow : pairRow, (row) => {
        const answer = layout.line(row, task);
        fc.pre(answer.ok);
        if (!answer.ok) return;
        const line: unknown = JSON.parse(JSON.stringify(answer.line));
        expect(layout.read(line, task)).toEqual(asTrained(row));
      }),
    );
  });

  test.each(CASES)('$trainer $task: no other line is taken for one', ({ trainer, task }) => {
    for (const value of [null, [], {}, { id: 'a', source_id: 'b' }, { id: 1, messages: [] }]) {
      expect(() => LAYOUTS[trainer].read(value, task)).toThrow(UsageError);
    }
  });
});

describe('a row that a loader would change, skip or stop at is refused', () => {
  const says = (content: string): Message => ({ role: 'assistant', content });
  const user = (content: string): Message => ({ role: 'user', content });
  const calls = (...texts: string[]): Message => ({
    role: 'assistant',
    content: null,
    tool_calls: texts.map((text, index) => call(`c${index}`, text)),
  });
  const result = (id: string): Message => ({ role: 'tool', tool_call_id: id, content: 'r' });
  const all = Trainer.options;

  test.each<[string, Message[], readonly Trainer[], RegExp]>([
    ['no messages', [], all, /no user message/],
    ['an answer first', [says('a')], all, /no user message/],
    ['a question last', [user('q')], all, /last message/],
    [
      'a late system message',
      [user('q'), { role: 'system', content: 's' }, says('a')],
      all,
      /message 1 .*system/,
    ],
    [
      'a missing result',
      [user('q'), calls('{}'), user('q'), says('a')],
      all,
      /message 1 have 0 results/,
    ],
    ['an empty answer', [user('q'), says(' ')], all, /message 1 .*neither text nor calls/],
    ['an answer after an empty line', [user('q'), says('\na')], all, /empty line/],
    ['arguments that are no object', [user('q'), calls('[1]')], all, /no JSON object/],
    [
      'a number too long',
      [user('q'), calls('{"n": 12345678901234567890}')],
      all,
      /double precision/,
    ],
    ['a control token', [user('say <|im_end|>'), says('a')], all, /message 0 .*<\|im_end\|>/],
    [
      'a control token in a call',
      [user('q'), calls('{"a": "<|endoftext|>"}')],
      all,
      /<\|endoftext\|>/,
    ],
    ['a thought', [user('q'), says('<think>hm</think>a')], all, /<think>/],
    ['a result’s tag', [user('</tool_response>'), says('a')], all, /<\/tool_response>/],
    ['half a character', [user('\ud83d'), says('a')], all, /lone surrogate/],
    [
      'two questions',
      [user('q'), user('q'), says('a')],
      ['llamafactory', 'swift'],
      /turn|in a row/,
    ],
    ['two answers', [user('q'), says('a'), says('a')], ['llamafactory', 'swift'], /turn|in a row/],
    ['a template’s slot', [user('what is {{idx}}?'), says('a')], ['llamafactory'], /{{idx}}/],
  ])('%s', (_name, messages, trainers, reason) => {
    const row = { id: 'r', source_id: 's', messages, tools: [] };
    for (const trainer of all) {
      const answer = LAYOUTS[trainer].line(row, 'agent');
      expect([trainer, answer.ok]).toEqual([trainer, !trainers.includes(trainer)]);
      if (!answer.ok) expect(answer.reason).toMatch(reason);
    }
  });

  test('calls that wait for their results at the end are no reason', () => {
    const messages = [user('q'), calls('{}')];
    for (const trainer of all) {
      expect(
        LAYOUTS[trainer].line({ id: 'r', source_id: 's', messages, tools: [] }, 'agent').ok,
      ).toBe(true);
    }
    const answered = [user('q'), calls('{}', '{}'), result('c1'), result('c0'), says('a')];
    expect(
      LAYOUTS.trl.line({ id: 'r', source_id: 's', messages: answered, tools: [] }, 'agent').ok,
    ).toBe(true);
  });

  test.each<[string, Partial<DatasetRow>, RegExp]>([
    [
      'more than a pair',
      { messages: [user('q'), says('a'), user('q'), says('a')] },
      /one user and one assistant/,
    ],
    ['calls beside the text', { messages: [user('q'), calls('{}')] }, /in the text/],
    ['a thought in the target', { messages: [user('q'), says('<think>a')] }, /think/],
  ])('a synthesizer row of %s', (_name, change, reason) => {
    const answer = LAYOUTS.trl.line(
      { id: 'r', source_id: 's', messages: [], tools: [], ...change },
      'synthesizer',
    );
    expect(answer).toEqual({ ok: false, reason: expect.stringMatching(reason) });
  });

  test('a synthesizer’s target may hold the tags of the trajectory’s text', () => {
    const messages = [user('<tool_call>'), says('<tool_call>\n{}\n</tool_call>')];
    expect(
      LAYOUTS.trl.line({ id: 'r', source_id: 's', messages, tools: [] }, 'synthesizer').ok,
    ).toBe(true);
  });
});

function golden(name: string): string {
  return join(import.meta.dirname, 'fixtures', name);
}

function call(id: string, text: string): ToolCall {
  return { id, type: 'function', function: { name: 'f', arguments: text } };
}

const text = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.constantFrom('2024-01-05', '{"a":1}', '[]', 'null', '<b>', '"', '\\', '\u2028', 'id:x'),
);
const said = text.map((value) => `a${value}`);

/** A question, then turns of calls with their results, then an answer; ids as readers without ids give them. */
const exchange = fc.record({
  question: text,
  turns: fc.array(
    fc.record({
      content: fc.option(said),
      calls: fc.array(fc.record({ arguments: fc.dictionary(text, fc.jsonValue()), result: text }), {
        minLength: 1,
        maxLength: 3,
      }),
    }),
    { maxLength: 2 },
  ),
  answer: said,
});

const agentRow: fc.Arbitrary<DatasetRow> = fc
  .record({
    id: text,
    source_id: text,
    system: fc.option(said),
    exchanges: fc.array(exchange, { minLength: 1, maxLength: 3 }),
    names: fc.array(fc.string({ unit: 'grapheme' }), { maxLength: 2 }),
  })
  .map(({ id, source_id, system, exchanges, names }) => {
    let count = 0;
    const messages = exchanges.flatMap(({ question, turns, answer }): Message[] => [
      { role: 'user', content: question },
      ...turns.flatMap(({ content, calls }): Message[] => {
        const made = calls.map((each) => {
          count += 1;
          return { ...each, id: `call_${count}` };
        });
        const tool_calls = made.map((each) => call(each.id, JSON.stringify(each.arguments)));
        const results = made.map(
          (each): Message => ({
            role: 'tool',
            tool_call_id: each.id,
            content: each.result,
          }),
        );
        return [{ role: 'assistant', content, tool_calls }, ...results];
      }),
      { role: 'assistant', content: answer },
    ]);
    return {
      id,
      source_id,
      messages: system === null ? messages : [{ role: 'system', content: system }, ...messages],
      tools: names.map((name) => ({ type: 'function' as const, function: { name } })),
    };
  });

const pairRow: fc.Arbitrary<DatasetRow> = fc
  .record({ id: text, source_id: text, question: text, answer: said })
  .map(({ id, source_id, question, answer }) => ({
    id,
    source_id,
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
    tools: [],
  }));
