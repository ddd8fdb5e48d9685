import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ROW_FORMATS, readRows } from '../../../../core/formats/read-row.ts';

const folder = join(import.meta.dirname, 'fixtures');

describe('rows as others write them', () => {
  it.each(readdirSync(folder))('%s is told and read', (name) => {
    const { row, format, conversation } = JSON.parse(readFileSync(join(folder, name), 'utf8'));
    for (const asked of ['auto', format] as const) {
      const [read, ...others] = readRows(row, asked);
      expect(others).toEqual([]);
      expect(read?.format).toBe(format);
      expect(read?.problem).toBe('');
      expect(read?.conversation).toEqual(conversation);
    }
  });

  it.each([
    [{ prompt: 'Hello' }, /none of messages, conversations, simulations .*prompt/],
    ['a text', /no JSON object/],
    [{ conversations: [{ from: 'observation', value: '{}' }] }, /answers no function_call/],
  ])('%j is a row with a problem', (value, problem) => {
    const [read] = readRows(value, 'auto');
    expect(read?.conversation).toBeNull();
    expect(read?.problem).toMatch(problem);
  });

  it('keeps what is wrong in a row of messages for the checks to tell', () => {
    const call = { id: 'a', function: { name: 'renew', arguments: '{"card": 7' } };
    const messages = [{ role: 'bot', content: 5 }, { role: 'assistant', tool_calls: [call] }, null];
    const [read] = readRows({ messages, tools: [{ name: 'renew' }, 'x'] }, 'auto');
    expect(read?.conversation?.messages).toMatchObject([
      { role: 'bot', content: 5 },
      { tool_calls: [{ id: 'a', function: { arguments: '{"card": 7' } }] },
      null,
    ]);
    expect(read?.conversation?.tools).toHaveLength(2);
  });

  it('never throws, whatever the value and the format', () => {
    const formats = fc.constantFrom('auto' as const, ...ROW_FORMATS);
    const keys = fc.constantFrom('messages', 'conversations', 'tools', 'simulations', 'info');
    const rows = fc.dictionary(keys, fc.jsonValue({ maxDepth: 4 }));
    fc.assert(
      fc.property(fc.oneof(rows, fc.jsonValue()), formats, (value, format) => {
        for (const { conversation, problem } of readRows(value, format))
          expect(conversation === null).toBe(problem !== '');
      }),
      { numRuns: 500 },
    );
  });
});
