import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { groundingsOf } from '../../../synth/check/grounding/trace.ts';
import { readRow } from '../../../synth/check/read-row.ts';
import type { CheckContext } from '../../../synth/check/row.ts';
import { conversation } from './state-cases.ts';

function groundings(row: CheckContext['conversation']) {
  const context = { refined: false, profile: 'foreign', language: null } as const;
  return groundingsOf(readRow({ conversation: row, ...context }));
}

function traced(said: string, args: object, ...before: Parameters<typeof conversation>): string[] {
  const row = conversation(`user: ${said}`, ...before, ['send_voucher', args, { sent: true }]);
  return groundings(row)
    .slice(-Object.keys(args).length)
    .map(({ path, kind }) => `${path} ${kind}`);
}

describe('groundingsOf', () => {
  it.each<[string, object, string]>([
    ['Order W4410 please.', { order_id: 'W4410' }, 'exact'],
    ['Order w 4410 please.', { order_id: 'W-4410' }, 'normalised'],
    ['My card is the 6789.', { card_id: 'card_6789' }, 'joined'],
    ['I am Mia Li.', { username: 'MiaLi' }, 'joined'],
    ['My user is mia_li_3668.', { first_name: 'Mia' }, 'normalised'],
    ['It weighs 2.5 kg.', { weight_g: 2500 }, 'unit'],
    ['It takes 90 minutes.', { hours: 1.5 }, 'unit'],
    ['Take 120 and 35.5.', { amount: 155.5 }, 'arithmetic'],
    ['Take twenty-one.', { amount: 21 }, 'number'],
    ['On 3 June.', { until: '2026-06-03' }, 'date'],
    ['The day after tomorrow.', { until: '2026-06-03' }, 'relative'],
    ['At half past; no, 5:30 pm.', { at: '17:30' }, 'time'],
    ['Do it.', { paid: true }, 'boolean'],
    ['Do it.', { order_id: 'W4410' }, 'ungrounded'],
    ['The card is HAT136.', { order_id: '136' }, 'ungrounded'],
    ['On 3 June.', { until: '2026-07-09' }, 'ungrounded'],
  ])('traces "%s" to %j as %s', (said, args, kind) => {
    const [path] = Object.keys(args);
    expect(traced(said, args)).toEqual([`${path} ${kind}`]);
  });

  it('gives the earliest place: a span of a text, or of a leaf of a result', () => {
    const row = conversation(
      'user: Is order W4410 mine?',
      ['get_order', { order_id: 'W4410' }, { order: { id: 'W4410', holder: ['Mia Li'] } }],
      ['send_voucher', { first_name: 'Mia', order_id: 'W4410' }, { sent: true }],
    );
    expect(groundings(row).slice(1)).toEqual([
      {
        message_index: 4,
        call_index: 0,
        path: 'first_name',
        value: 'Mia',
        kind: 'exact',
        source: { message_index: 3, path: 'order.holder[0]', start: 0, end: 3 },
      },
      {
        message_index: 4,
        call_index: 0,
        path: 'order_id',
        value: 'W4410',
        kind: 'exact',
        source: { message_index: 1, path: null, start: 9, end: 14 },
      },
    ]);
  });

  it('counts what the assistant put to the user, and not what it only said', () => {
    const proposal = 'assistant: I would send 215. Is that right?';
    expect(traced('Hello.', { amount: 215 }, proposal, 'user: Yes.')).toEqual(['amount proposed']);
    expect(traced('Hello.', { amount: 215 }, proposal)).toEqual(['amount ungrounded']);
  });

  it('never throws and names places that are there', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.stringMatching(/^[\dA-Za-z_.,:/$% -]{0,40}$/),
    );
    fc.assert(
      fc.property(
        text,
        fc.json(),
        text,
        fc.dictionary(text, fc.jsonValue()),
        (said, json, reply, args) => {
          const row = conversation(
            `user: ${said}`,
            ['get_order', args, JSON.parse(json)],
            `assistant: ${reply}`,
            ['send_voucher', { ...args, said }, {}],
          );
          for (const { source, message_index } of groundings(row)) {
            if (source === null) continue;
            expect(source.message_index).toBeLessThan(message_index);
            expect(source.end).toBeGreaterThan(source.start);
          }
        },
      ),
      { numRuns: 200 },
    );
  });
});
