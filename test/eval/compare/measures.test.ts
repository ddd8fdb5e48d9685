import { describe, expect, it } from 'vitest';
import { FunnelKey } from '../../../core/run/funnel.ts';
import { compareRuns } from '../../../eval/compare/compare.ts';
import { ratioMeasures } from '../../../eval/compare/measures.ts';
import { shapeOf } from '../../../eval/compare/shape.ts';
import { manyRows, writeComparedRun } from './compare-fixture.ts';

describe('the stations of the funnel', () => {
  it('are all compared, but for those that are a yield or the passages themselves', () => {
    const named = ratioMeasures([]).filter(({ group }) => group === 'funnel');
    const others = FunnelKey.options.filter((key) => !named.some(({ name }) => name === key));
    expect(others).toEqual(['passages', 'accepted', 'surplus']);
  });

  it('tell apart where passages went before a trajectory was asked for', async () => {
    const all = await writeComparedRun({ accepted: manyRows(30) });
    const filtered = Array.from({ length: 12 }, (_, index) => `passage-row-${index + 18}`);
    const fewer = await writeComparedRun({ accepted: manyRows(18), filtered });
    const settings = { seed: 0, replicates: 300, training: null, gpus: [], onRun: () => {} };
    const { comparison } = await compareRuns([all, fewer], settings);
    const found = comparison.pairs[0]?.views[0]?.differences.find(
      ({ name }) => name === 'filtered_not_multi_step',
    );
    expect(found).toMatchObject({ a: 0, b: 0.4, verdict: 'higher' });
  });
});

describe('recoveries', () => {
  it('are counted by the calls that failed, whatever succeeded after them', () => {
    const call = (id: string) => ({
      role: 'assistant' as const,
      content: null,
      tool_calls: [{ id, type: 'function' as const, function: { name: 'book', arguments: '{}' } }],
    });
    const result = (id: string, content: string) => ({
      role: 'tool' as const,
      tool_call_id: id,
      content,
    });
    const failed = '{"error": "the berth is taken"}';
    const messages = [
      { role: 'user' as const, content: 'Book me a berth.' },
      ...[call('a'), result('a', failed)],
      ...['b', 'c', 'd'].flatMap((id) => [call(id), result(id, '{"ok": true}')]),
      ...[call('e'), result('e', failed)],
    ];
    expect(shapeOf({ messages, tools: [] })).toMatchObject({ errors: 2, errors_recovered: 1 });
  });
});
