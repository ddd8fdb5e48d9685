import { describe, expect, it } from 'vitest';
import type { ToolDefinition } from '../../../core/conversation.ts';
import { estimatedJaccard } from '../../../core/text/minhash.ts';
import { measureRow, newMeasureStore, signatureOf } from '../../../distill/select/measure.ts';
import { conversationText, toolFeatures } from '../../../distill/select/row-texts.ts';
import { measured, rowOf, rulesOf } from './rows.ts';

describe('measureRow', () => {
  it('counts messages, calls and warnings, and names the document of a piece', () => {
    expect(measured({ id: 'a', source: 'guide#3', licence: 'MIT' })).toMatchObject({
      id: 'a',
      document: 'guide',
      licence: 'MIT',
      messages: 5,
      calls: 1,
      warnings: 0,
      badCheck: null,
      checked: true,
      judge: 'passed',
      patterns: ['clarification'],
      personal: null,
      tokens: null,
      contamination: null,
      person: null,
    });
  });

  it('tells two versions of a passage apart, not two rows of one', () => {
    const one = measured({ id: 'a', source: 's', passage: 'first text of it' });
    expect(measured({ id: 'b', source: 's', passage: 'first text of it' }).passage).toBe(
      one.passage,
    );
    expect(measured({ id: 'c', source: 's', passage: 'second text of it' }).passage).not.toBe(
      one.passage,
    );
  });

  it('tells kinds and numbers of personal data, without the values', () => {
    const passage = 'mail jo.smith@city-hall.org or call (415) 867-2211';
    expect(measured({ id: 'a', passage }).personal).toBe('email 1, phone 1');
  });

  it('keeps what rows have in common once', () => {
    const store = newMeasureStore(rulesOf());
    const [one, other, third] = [
      rowOf({ id: 'a', domains: ['health'] }),
      rowOf({ id: 'b', domains: ['health'] }),
      rowOf({ id: 'c', domains: ['finance', 'health'] }),
    ].map((row) => measureRow(row, rulesOf(), store));
    expect(one?.domains).toBe(other?.domains);
    expect(third?.domains).toEqual(['finance', 'health']);
  });

  it('keeps the signatures of many rows apart', () => {
    const store = newMeasureStore(rulesOf());
    const ids = Array.from({ length: 50 }, (_, index) => `row ${index}`);
    const together = ids.map((id) => measureRow(rowOf({ id }), rulesOf(), store));
    for (const [index, id] of ids.entries())
      for (const part of ['passage', 'conversation', 'tools'] as const)
        expect(signatureOf(together[index], part)).toEqual(signatureOf(measured({ id }), part));
  });

  it('signs a passage shorter than a run of words', () => {
    const [one, same, other] = ['Two words', 'two, WORDS!', 'other words'].map((passage) =>
      signatureOf(measured({ id: 'a', passage }), 'passage'),
    );
    if (one === undefined || other === undefined) throw new Error('no signature');
    expect(one).toEqual(same);
    expect(estimatedJaccard(one, other)).toBeLessThan(0.1);
  });
});

describe('what signatures are made of', () => {
  it('is everything said, called and returned, without the system message and the ids of calls', () => {
    const text = conversationText(rowOf({ id: 'a' }));
    expect(text).not.toMatch(/You help|call_1/);
    expect(text).toContain('save\n{"note":');
    expect(text).toContain('{"ok":true}');
  });

  it('is of tools their names and parameters at every depth, whatever their order and descriptions', () => {
    const tool = (name: string, description: string): ToolDefinition => ({
      type: 'function',
      function: {
        name,
        description,
        parameters: {
          type: 'object',
          properties: {
            id: { type: 'string', description },
            lines: {
              type: 'array',
              items: { type: 'object', properties: { sku: { type: ['string', 'null'] } } },
            },
          },
        },
      },
    });
    expect(toolFeatures([tool('order', 'Orders.')])).toEqual([
      'order',
      'order.id:string',
      'order.lines:array',
      'order.lines[].sku:string,null',
    ]);
    expect(new Set(toolFeatures([tool('a', 'x'), tool('b', 'y')]))).toEqual(
      new Set(toolFeatures([tool('b', 'other'), tool('a', 'words')])),
    );
    expect(toolFeatures([{ type: 'function', function: { name: 'ping' } }])).toEqual(['ping']);
  });
});
