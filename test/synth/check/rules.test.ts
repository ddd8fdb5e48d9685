import { describe, expect, it } from 'vitest';
import type { Constraint } from '../../../core/workflow.ts';
import { evaluateConstraints } from '../../../synth/check/rules/evaluate.ts';
import { outcomeOf } from '../../../synth/check/rules/outcome.ts';
import { rowOf, workflowOf } from './rule-cases.ts';
import { findingsOf } from './rule-findings.ts';

const BASE = { rule: 'A rule.', quote: 'A rule', tool: 'check' };

function tool(properties: object): object {
  return {
    type: 'function',
    function: { name: 'check', parameters: { type: 'object', properties } },
  };
}

function verdicts(
  constraints: Partial<Constraint>[],
  args: object,
  properties: object = {},
): string[] {
  const conversation = {
    ...rowOf([['check', args, { status: 'done' }]]),
    tools: [tool(properties)],
  };
  const workflow = workflowOf(constraints.map((one) => ({ ...BASE, ...one })));
  return evaluateConstraints(conversation, workflow).map(({ verdict }) => verdict);
}

describe('constraints on a call', () => {
  it.each([
    [{ operator: '<=', value: 4 }, { n: 4 }, 'kept'],
    [{ operator: '<', value: 4 }, { n: 4 }, 'broken'],
    [{ operator: '>=', value: 4 }, { n: 3 }, 'broken'],
    [{ operator: '>', value: 4 }, { n: '5' }, 'kept'],
    [{ operator: '==', value: true }, { n: false }, 'broken'],
    [{ operator: '!=', value: 'alcohol' }, { n: 'Alcohol' }, 'broken'],
    [{ operator: '==', value: 'walnut' }, { n: 'walnut, oiled' }, 'undecidable'],
    [{ operator: 'in', value: ['oak', 'ash'] }, { n: ['oak', 'ASH'] }, 'kept'],
    [{ operator: 'in', value: [1, 4] }, { n: 3 }, 'undecidable'],
    [{ operator: 'not_in', value: [1, 2, 3] }, { n: 3 }, 'broken'],
    [{ operator: '<=', value: 4 }, {}, 'undecidable'],
    [{ operator: '<=', value: 4 }, { n: { a: 1 } }, 'undecidable'],
    [{ operator: '<=', value: 2, unit: 'photographs' }, { n: ['a', 'b', 'c'] }, 'broken'],
    [{ operator: '<=', value: '18:00' }, { n: '18:30' }, 'broken'],
  ] as const)('%j says of %j: %s', (constraint, args, verdict) => {
    expect(verdicts([{ argument: 'n', ...constraint } as Partial<Constraint>], args)).toEqual([
      verdict,
    ]);
  });

  it('looks into nested arguments, each member of a list', () => {
    const constraint = { argument: 'party.guests', operator: '<=', value: 6 } as const;
    expect(verdicts([constraint], { party: { guests: 7 } })).toEqual(['broken']);
    const items = { argument: 'items[].weight_kg', operator: '<=', value: 20, unit: 'kg' } as const;
    expect(verdicts([items], { items: [{ weight_kg: 3 }, { weight_kg: 21 }] })).toEqual(['broken']);
  });

  it('converts units where they are known, and decides nothing where they are not', () => {
    const limit = { operator: '<=', value: 2, unit: 'kg' } as const;
    expect(verdicts([{ argument: 'weight_g', ...limit }], { weight_g: 1900 })).toEqual(['kept']);
    expect(verdicts([{ argument: 'weight_g', ...limit }], { weight_g: 2100 })).toEqual(['broken']);
    expect(verdicts([{ argument: 'weight', ...limit }], { weight: 5 })).toEqual(['undecidable']);
    expect(verdicts([{ argument: 'weight', ...limit }], { weight: '5 kg' })).toEqual(['broken']);
    const described = { weight: { type: 'number', description: 'Weight in grams' } };
    expect(verdicts([{ argument: 'weight', ...limit }], { weight: 5 }, described)).toEqual([
      'kept',
    ]);
    expect(verdicts([{ argument: 'length_cm', ...limit }], { length_cm: 5 })).toEqual([
      'undecidable',
    ]);
  });

  it('takes a pair of sides either way round', () => {
    const pair = { argument: 'size', operator: '<=', value: '80x180', unit: 'cm' } as const;
    expect(verdicts([pair], { size: '170 x 75 cm' })).toEqual(['kept']);
    expect(verdicts([pair], { size: '81x90 cm' })).toEqual(['broken']);
    expect(verdicts([pair], { size: '0.9 x 0.9 m' })).toEqual(['broken']);
    const quote = 'glass up to 80x180 cm';
    const sides = [
      { quote, argument: 'width_cm', operator: '<=', value: 80 },
      { quote, argument: 'height_cm', operator: '<=', value: 180 },
    ] as const;
    expect(verdicts([...sides], { width_cm: 170, height_cm: 75 })).toEqual(['kept', 'kept']);
    expect(verdicts([...sides], { width_cm: 170, height_cm: 85 })).toEqual(['broken', 'broken']);
  });

  it('tells which of several limits a call is under by the options that they name', () => {
    const glass = { glass: { enum: ['non_glare', 'plain'] } };
    const limits = [
      {
        rule: 'Non-glare glass up to 80 cm.',
        argument: 'side_cm',
        operator: '<=',
        value: 80,
        unit: 'cm',
      },
      {
        rule: 'Plain glass up to 100 cm.',
        argument: 'side_cm',
        operator: '<=',
        value: 100,
        unit: 'cm',
      },
    ] as const;
    expect(verdicts([...limits], { glass: 'plain', side_cm: 90 }, glass)).toEqual([
      'undecidable',
      'kept',
    ]);
    expect(verdicts([...limits], { glass: 'non_glare', side_cm: 90 }, glass)).toEqual([
      'broken',
      'undecidable',
    ]);
    expect(verdicts([...limits], { side_cm: 90 })).toEqual(['undecidable', 'kept']);
    expect(verdicts([...limits], { side_cm: 110 })).toEqual(['broken', 'broken']);
  });

  it('asks for an earlier call that did not fail', () => {
    const order = { ...BASE, tool: 'renew_loan', operator: 'after', value: 'find_book' } as const;
    const judge = (result: object): string[] =>
      evaluateConstraints(
        rowOf([
          ['find_book', {}, result],
          ['renew_loan', {}, {}],
        ]),
        workflowOf([order]),
      ).map(
        ({ verdict, message_index, call_index }) => `${verdict} ${message_index} ${call_index}`,
      );
    expect(judge({ book_id: 'BK-7' })).toEqual(['kept 4 0']);
    expect(judge({ error: 'not found' })).toEqual(['broken 4 0']);
  });
});

describe('results', () => {
  it.each([
    ['{"loan_id": "LN-1", "status": "renewed"}', 'success'],
    ['{"status": "ok", "message": "No limit was exceeded."}', 'success'],
    ['{"error": "no such book"}', 'failure'],
    ['{"error": null, "loan_id": "LN-1"}', 'success'],
    ['{"approved": false, "reason": "too large"}', 'failure'],
    ['{"status": "rejected"}', 'failure'],
    ['{"status": "pending approval"}', 'unclear'],
    ['{"success": true, "approved": false}', 'unclear'],
    ['{"data": {"error": "no such book"}}', 'failure'],
    ['[]', 'unclear'],
    ['[{"book_id": "BK-7"}]', 'success'],
    ['Error: no such book', 'failure'],
    ['The loan could not be renewed.', 'unclear'],
    ['The loan is renewed.', 'success'],
    ['', 'unclear'],
  ] as const)('%s is a %s', (content, outcome) => {
    expect(outcomeOf(content)).toBe(outcome);
  });

  it('that name their own limit may not go beyond it', () => {
    const codes = (result: object): string[] =>
      findingsOf(rowOf([['send_parcel', { weight_kg: 25 }, result]]), {
        workflow: workflowOf([], 'send_parcel'),
      })
        .map(({ code }) => code)
        .filter((code) => code === 'stated_rule_broken');
    expect(codes({ status: 'sent', max_weight_kg: 20 })).toEqual(['stated_rule_broken']);
    expect(codes({ status: 'sent', max_weight_kg: 30 })).toEqual([]);
    expect(codes({ error: 'too heavy', max_weight_kg: 20 })).toEqual([]);
  });
});
