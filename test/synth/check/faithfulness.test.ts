import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Constraint } from '../../../core/workflow.ts';
import { Workflow } from '../../../core/workflow.ts';
import { RULE_CASES, rowOf, workflowOf } from './rule-cases.ts';
import { findingsOf } from './rule-findings.ts';

function codes(passage: string, system: string): string[] {
  return findingsOf(rowOf([], system), { passage }).map(({ code }) => code);
}

describe('rules and the passage', () => {
  it.each([
    ['Parcels may weigh up to 20 kg.', '- Parcels: at most 25 kg', 'rule_contradicts_passage'],
    ['Parcels may weigh up to 20 kg.', '- Parcels: at most 20 lb', 'rule_contradicts_passage'],
    ['Parcels may weigh up to 20 kg.', '- Parcels: at most 20,000 g', ''],
    ['Parcels may weigh up to 20 kg.', '- Parcels have at most 3 labels', 'rule_invented'],
    [
      'A claim is sent in within 30 days.',
      'Claims are sent in within 30 hours.',
      'rule_contradicts_passage',
    ],
    ['A claim is sent in within 30 days.', 'Claims are sent in within one month.', ''],
    [
      'You may borrow no more than six films.',
      'Readers borrow at most 8 films.',
      'rule_contradicts_passage',
    ],
    ['You may borrow no more than six films.', 'Readers borrow at most 6 films.', ''],
    [
      'The desk closes at 6:30 pm on Fridays.',
      'The desk closes at 17:30 on Fridays.',
      'rule_contradicts_passage',
    ],
    ['The desk closes at 6:30 pm on Fridays.', 'The desk closes at 18:30 on Fridays.', ''],
    ['Entries end on 20 July.', 'Entries end on July 22.', 'rule_contradicts_passage'],
    [
      'A returned claim can be corrected twice.',
      'A returned claim can be corrected three times.',
      'rule_contradicts_passage',
    ],
    ['Bake the bread at 350 °F.', 'Bake the bread at 177 °C.', ''],
    ['Boxes measure up to 60 x 40 x 35 cm.', 'Boxes: 35x40x60 cm at most', ''],
    [
      'Boxes measure up to 60 x 40 x 35 cm.',
      'Boxes: 35x40x70 cm at most',
      'rule_contradicts_passage',
    ],
  ])('%j and %j: %s', (passage, system, code) => {
    expect(codes(passage, system)).toEqual(code === '' ? [] : [code]);
  });

  it('leave out schemas, step numbers and the date of today', () => {
    const passage = 'Parcels may weigh up to 20 kg.';
    const system = [
      'Today is 2026-05-15.',
      '## 3. Procedure',
      '7. See step 9 for parcels.',
      '## Database schema',
      '- parcels: parcel_id string (max 64), weight_kg number (up to 99)',
      '```',
      'parcels may weigh 77 kg',
      '```',
    ].join('\n');
    expect(codes(passage, system)).toEqual([]);
  });

  it('give a pair of limits to the things that they are for', () => {
    const passage = 'Non-glare glass is cut up to 80x180 cm, plain glass up to 100x160 cm.';
    expect(codes(passage, '- Non-glare glass: 80x180 cm\n- Plain glass: 100x160 cm')).toEqual([]);
    expect(codes(passage, '- Non-glare glass: 80x180 cm\n- Plain glass: 100x150 cm')).toEqual([
      'rule_contradicts_passage',
    ]);
  });

  it('say how large a share is invented', () => {
    const system = 'Parcels weigh up to 20 kg. Cards cost EUR 12. A fee of EUR 3 is due.';
    const [finding] = findingsOf(rowOf([], system), { passage: 'Parcels weigh up to 20 kg.' });
    expect(finding?.text).toMatch(/^2 of 3 values \(67%\)/);
  });

  it('never find a text in contradiction to itself', () => {
    const word = fc.constantFrom(
      'parcels',
      'weigh',
      'at most',
      '20 kg',
      '3 days',
      '18:30',
      'six',
      '.',
      '\n- ',
      'until',
      'EUR 5',
      '60x70 cm',
      'glass',
    );
    fc.assert(
      fc.property(fc.array(word, { maxLength: 40 }), (words) => {
        const text = words.join(' ');
        expect(codes(text, text)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('quotes and values', () => {
  const passage =
    'You may *reserve* no more than “six” follow-ups — at a time. It takes 1,500 km or a week.';
  const base: Constraint = {
    rule: 'At most six.',
    quote: 'no more than "six" follow-ups - at a time',
    tool: 'renew_loan',
    argument: 'weeks',
    operator: '<=',
  };
  const found = (change: Partial<Constraint>): string[] =>
    findingsOf(rowOf([]), { passage, workflow: workflowOf([{ ...base, ...change }], 'find_book') })
      .map(({ code }) => code)
      .filter((code) => /quote/.test(code));

  it.each([
    [{ value: 6 }, ''],
    [{ value: 7 }, 'value_not_in_quote'],
    [{ value: 6, quote: 'No more than six ... at a time' }, ''],
    [{ value: 6, quote: 'at a time ... no more than six' }, 'quote_not_in_passage'],
    [{ value: 6, quote: 'no more than six visits at a time' }, 'quote_not_in_passage'],
    [{ value: 1500, unit: 'km', quote: 'It takes 1,500 km' }, ''],
    [{ value: 1500, unit: 'miles', quote: 'It takes 1,500 km' }, 'value_not_in_quote'],
    [{ value: 7, unit: 'days', quote: 'or a week' }, ''],
    [{ operator: 'after', value: 'find_book' }, ''],
    [{ operator: '==', value: true }, ''],
  ] as const)('%j: %s', (change, code) => {
    expect(found(change as Partial<Constraint>)).toEqual(code === '' ? [] : [code]);
  });
});

describe('hostile workflows and passages', () => {
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 60 }),
    fc.constantFrom(
      '9'.repeat(3000),
      '80x'.repeat(500),
      '((((',
      '... '.repeat(300),
      '\ud800',
      '__proto__',
      'a.b[].c[0]',
    ),
  );
  const value = fc.oneof(
    text,
    fc.double(),
    fc.boolean(),
    fc.array(fc.oneof(text, fc.double()), { maxLength: 4 }),
  );
  const constraint = fc.record(
    {
      rule: text,
      quote: text,
      tool: fc.constantFrom('renew_loan', 'find_book', 'send_parcel', '__proto__'),
      argument: fc.oneof(text, fc.constantFrom('weeks', 'weight_kg', 'toString', '__proto__.x')),
      operator: fc.constantFrom('<=', '<', '>=', '>', '==', '!=', 'in', 'not_in', 'after'),
      value,
      unit: text,
    },
    { requiredKeys: ['rule', 'quote'] },
  );

  it('end in findings, never in an exception', () => {
    const rows = Object.values(RULE_CASES).map(({ failing }) => failing);
    fc.assert(
      fc.property(
        fc.constantFrom(...rows),
        fc.array(constraint, { maxLength: 5 }),
        text,
        text,
        (row, constraints, graph, passage) => {
          const workflow = Workflow.safeParse({ ...workflowOf([]), graph, constraints });
          if (!workflow.success) return;
          for (const finding of findingsOf(row, { passage, workflow: workflow.data })) {
            expect(finding.text).toBe(finding.text.replace(/\p{Surrogate}/gu, '?'));
          }
        },
      ),
      { numRuns: 800 },
    );
  });
});
