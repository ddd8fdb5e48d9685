import { describe, expect, it } from 'vitest';
import type { Message } from '../../../core/conversation.ts';
import { findPatterns, locatePatterns } from '../../../synth/check/patterns.ts';

const rules =
  'You help at a library. Loans run 28 days and can be renewed at most twice for the same reader.';

let made = 0;

function turn(name: string, args: object, result: object): Message[] {
  made += 1;
  const id = `c${made}`;
  const call = {
    id,
    type: 'function' as const,
    function: { name, arguments: JSON.stringify(args) },
  };
  return [
    { role: 'assistant', content: null, tool_calls: [call] },
    { role: 'tool', tool_call_id: id, content: JSON.stringify(result) },
  ];
}

const user = (content: string): Message => ({ role: 'user', content });
const says = (content: string): Message => ({ role: 'assistant', content });

function found(...messages: Message[]): string[] {
  return findPatterns({ messages: [{ role: 'system', content: rules }, ...messages], tools: [] });
}

describe('patterns', () => {
  it('finds a clarification where the answer gives the argument', () => {
    const ask = [user('Renew my loan.'), says('Which card is it on?')];
    expect(found(...ask, user('LC-2041'), ...turn('renew', { card: 'LC-2041' }, {}))).toEqual([
      'clarification',
    ]);
    expect(
      found(
        user('Renew LC-2041.'),
        says('Sure?'),
        user('Yes.'),
        ...turn('renew', { card: 'LC-2041' }, {}),
      ),
    ).toEqual([]);
    const opening = [says('How can I help you?'), user('Renew LC-2041.')];
    expect(found(...opening, ...turn('renew', { card: 'LC-2041' }, {}))).toEqual([]);
  });

  it('finds an error that a later call of the same tool mends', () => {
    const failed = turn('renew', { card: 'LC-1' }, { error: 'no such card' });
    expect(
      found(user('LC-1, or LC-2'), ...failed, ...turn('renew', { card: 'LC-2' }, { ok: true })),
    ).toEqual(['error_recovery']);
    expect(
      found(user('LC-1, or LC-2'), ...failed, ...turn('renew', { card: 'LC-2' }, { error: 'no' })),
    ).toEqual([]);
  });

  it('finds a refusal that names a rule, and tells it from a limitation', () => {
    const demand = user('Renew it a third time.');
    expect(
      found(
        demand,
        says(
          'I cannot do that: loans are renewed at most twice for the same reader, 28 days each.',
        ),
      ),
    ).toEqual(['rule_conflict']);
    expect(found(demand, says('I am not able to print labels.'))).toEqual(['limitation']);
    expect(found(demand, says('I cannot find it.'))).toEqual([]);
  });

  it('finds a rule that the assistant brings up, not one that the user asked about', () => {
    const told = says('Mind that loans run for 28 days; renewed ones do too.');
    expect(found(user('May I borrow it?'), told)).toEqual(['rule_awareness']);
    expect(found(user('Do loans run 28 days?'), told)).toEqual([]);
  });

  it('finds a value that came from another tool', () => {
    const search = turn('find_book', { title: 'Emma' }, { book_id: 'BK-77' });
    expect(
      found(user('Reserve Emma.'), ...search, ...turn('reserve', { book_id: 'BK-77' }, {})),
    ).toEqual(['multi_hop_reasoning']);
    expect(
      found(user('Reserve BK-77.'), ...search, ...turn('reserve', { book_id: 'BK-77' }, {})),
    ).toEqual([]);
  });

  it('finds a value that nobody had mentioned for eight messages', () => {
    const chat = Array.from({ length: 4 }, () => [says('Go on.'), user('Yes.')]).flat();
    const use = turn('renew', { card: 'LC-2041' }, {});
    expect(found(user('My card is LC-2041.'), ...chat, ...use)).toEqual(['long_context']);
    expect(found(user('My card is LC-2041.'), ...chat.slice(2), ...use)).toEqual([]);
  });

  it('finds steps that the user is to do by hand', () => {
    const guide = says('1. Open the settings.\n2. Tap on the network, then restart the phone.');
    expect(found(user('It is offline.'), guide, user('Done.'))).toEqual(['user_guidance']);
    expect(found(user('It is offline.'), guide)).toEqual([]);
  });

  it('says where', () => {
    const messages = [
      user('Renew my loan.'),
      says('Which card?'),
      user('LC-2041'),
      ...turn('renew', { card: 'LC-2041' }, {}),
    ];
    expect(locatePatterns({ messages, tools: [] })).toEqual([
      { pattern: 'clarification', message_index: 3 },
    ]);
  });
});
