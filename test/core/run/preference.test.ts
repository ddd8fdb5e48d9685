import { describe, expect, it } from 'vitest';
import type { Message } from '../../../core/conversation.ts';
import { type PreferencePair, preferencePairs } from '../../../core/run/preference.ts';
import type { RepairRound, Trajectory } from '../../../core/trajectory.ts';
import { exampleTrajectories } from '../example-rows.ts';

const system: Message = { role: 'system', content: 'Rules.' };
const user = (content: string): Message => ({ role: 'user', content });
const said = (content: string): Message => ({ role: 'assistant', content });
const result = (content: string): Message => ({ role: 'tool', tool_call_id: 'call_1', content });
const call = (args: string): Message => ({
  role: 'assistant',
  content: null,
  tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'find', arguments: args } }],
});

const tool = { type: 'function' as const, function: { name: 'find' } };

const GOOD = [
  system,
  user('Find A.'),
  call('{"id":"A"}'),
  result('{"id":"A"}'),
  said('A is there.'),
];

function row(messages: Message[], rounds: Partial<RepairRound>[]): Trajectory {
  const [example] = exampleTrajectories(1);
  if (example === undefined) throw new Error('no example row');
  const repair = rounds.map(
    (round): RepairRound => ({
      rejected_by: 'check',
      reason: 'x',
      fault_index: 1,
      messages: [],
      tools: null,
      checks: [],
      judge: null,
      ...round,
    }),
  );
  return { ...example, id: 'row', messages, repair };
}

/** The only pair of a row that was mended once. */
function pairOf(fault_index: number, messages: Message[]): PreferencePair {
  const [pair, ...others] = preferencePairs(row(GOOD, [{ fault_index, messages }]));
  if (pair === undefined || 'reason' in pair || others.length > 0) throw new Error('not one pair');
  return pair;
}

describe('a preference pair', () => {
  it('holds the messages up to the fault, and both continuations', () => {
    const broken = [call('{"id":"B"}'), result('{"id":"A"}'), said('A is there.')];
    expect(pairOf(2, broken)).toMatchObject({
      id: 'row.1',
      prompt: GOOD.slice(0, 2),
      chosen: GOOD.slice(2),
      rejected: broken,
    });
  });

  it('begins where the versions part, when that is after the fault was said to be', () => {
    const broken = [...GOOD.slice(1, 4), said('B is there.')];
    expect(pairOf(1, broken)).toMatchObject({
      prompt: GOOD.slice(0, 4),
      chosen: [said('A is there.')],
      rejected: [said('B is there.')],
    });
  });

  it('begins with the call whose result was mended: a prompt does not end in a call', () => {
    const broken = [result('{"id":"..."}'), said('A is there.')];
    expect(pairOf(3, broken)).toMatchObject({
      prompt: GOOD.slice(0, 2),
      rejected: [call('{"id":"A"}'), ...broken],
    });
  });

  it('is made of each earlier version against the last', () => {
    const rounds = [
      { fault_index: 2, messages: [said('No.')] },
      { fault_index: 4, messages: [said('B is there.')] },
    ];
    const pairs = preferencePairs(row(GOOD, rounds));
    expect(pairs).toMatchObject([
      { id: 'row.1', prompt: GOOD.slice(0, 2), chosen: GOOD.slice(2), rejected: [said('No.')] },
      { id: 'row.2', prompt: GOOD.slice(0, 4), rejected: [said('B is there.')] },
    ]);
  });

  it.each([
    [
      'system message',
      { fault_index: 0, messages: [{ ...system, content: 'Other.' }, ...GOOD.slice(1)] },
    ],
    ['first demand', { fault_index: 1, messages: [user('Find B.'), ...GOOD.slice(2)] }],
    ['tools', { fault_index: 0, messages: [...GOOD.slice(0, 4), said('B.')], tools: [tool] }],
    ['nothing', { fault_index: 1, messages: GOOD.slice(1) }],
  ])('is not made of versions that differ in their %s, and says so', (_what, round) => {
    expect(preferencePairs(row(GOOD, [round]))).toEqual([
      { id: 'row.1', reason: expect.stringContaining('the versions') },
    ]);
  });

  it('is not made of a row that was never mended', () => {
    expect(preferencePairs({ ...row(GOOD, []), repair: null })).toEqual([]);
  });
});
