import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pattern } from '../../../core/taxonomy.ts';
import { decide } from '../../../distill/select/decide.ts';
import {
  altered,
  conversation,
  decided,
  keptOf,
  measured,
  type RowSketch,
  rulesOf,
  wordsFor,
} from './rows.ts';

const text = wordsFor('shared passage', 300);
const LIMITS = { maxTokens: null, seed: 0 };
const warning = (code: string) =>
  ({ code, severity: 'warning', message_index: null, path: null, text: '' }) as const;
const error = (code: string) => ({ ...warning(code), severity: 'error' }) as const;

describe('a row by itself', () => {
  it.each<[string, Omit<RowSketch, 'id'>, unknown, string]>([
    ['an error of any check', { checks: [error('argument_of_sibling')] }, {}, 'check_failed'],
    [
      'a code that is refused',
      { checks: [warning('odd_thing')] },
      { checks: { refuse_codes: ['odd_thing'] } },
      'check_failed',
    ],
    ['no check at all', { checked: false }, {}, 'unchecked'],
    [
      'more warnings than allowed',
      { checks: [warning('a'), warning('b')] },
      { checks: { max_warnings: 1 } },
      'too_many_warnings',
    ],
    ['a failed judgement', { judge: 'failed' }, {}, 'judge_failed'],
    [
      'a failed judgement, even where none is asked for',
      { judge: 'failed' },
      { judge: { require: 'unjudged_allowed' } },
      'judge_failed',
    ],
    ['no judgement', { judge: null }, {}, 'unjudged'],
    [
      'a refused licence',
      { licence: 'GPL-3.0' },
      { licences: { refuse: ['GPL'] } },
      'licence_refused',
    ],
    ['no licence', { licence: null }, { licences: { unknown: 'drop' } }, 'licence_unknown'],
    ['too few messages', {}, { messages: { min: 6 } }, 'message_count'],
    ['too many calls', {}, { calls: { max: 0 } }, 'call_count'],
    ['too few patterns', {}, { patterns: { at_least: 2 } }, 'too_few_patterns'],
    [
      'personal data in the passage',
      { passage: `${text} mail jo.smith@city-hall.org` },
      { personal_data: { action: 'drop' } },
      'personal_data',
    ],
  ])('goes for %s, and the text says so', (_, sketch, rules, code) => {
    const [decision] = decided([{ id: 'a', ...sketch }], rules);
    expect(decision).toMatchObject({ id: 'a', kept: false, code, against: null });
    expect(decision?.kept === false && decision.text.length).toBeGreaterThan(10);
  });

  it.each<[string, Omit<RowSketch, 'id'>, unknown]>([
    [
      'with an error that is none of the paper',
      { checks: [error('argument_of_sibling')] },
      'paper',
    ],
    ['unchecked where checks do not decide', { checked: false }, 'none'],
  ])('stays %s', (_, sketch, gate) => {
    expect(keptOf(decided([{ id: 'a', ...sketch }], { checks: { gate } }))).toEqual(['a']);
  });

  it('goes when its document or its passage is refused, no other does', () => {
    const refused = decided(
      [
        { id: 'a', source: 'guide#3' },
        { id: 'b', source: 'guide#4' },
        { id: 'c', source: 'manual#1' },
      ],
      { refuse_sources: ['guide#3', 'manual'] },
    );
    expect(refused).toMatchObject([
      { code: 'source_refused', text: 'refuse_sources names "guide#3"' },
      { id: 'b', kept: true },
      { code: 'source_refused', text: 'refuse_sources names "manual"' },
    ]);
  });

  it.each<[string, Omit<RowSketch, 'id'>, string]>([
    ['a failed check', { checks: [error('argument_of_sibling')] }, 'check_failed'],
    ['a failed judgement', { judge: 'failed' }, 'judge_failed'],
  ])('comes in with %s when a person accepted it and the rules take that', (_, sketch, code) => {
    const row = { ...measured({ id: 'a', ...sketch }), person: 'accept' as const };
    const fate = (marks: object, more: object = {}) =>
      decide([row], rulesOf({ marks, ...more }), LIMITS)[0];
    expect(fate({})).toMatchObject({ kept: false, code });
    expect(fate({ take_accepted: true })).toEqual({ id: 'a', kept: true });
    const refusing = { licences: { refuse: ['MIT'] } };
    expect(fate({ take_accepted: true }, refusing)).toMatchObject({ code: 'licence_refused' });
  });

  it('goes for its tokens and for a benchmark when they are filled in', () => {
    const rows = ['long', 'leaked', 'fine'].map((id) => measured({ id }));
    const [long, leaked] = rows;
    if (long === undefined || leaked === undefined) throw new Error('rows');
    long.tokens = 5001;
    leaked.contamination = 'bfcl: 13 words of multi_turn_base_7';
    const decisions = decide(rows, rulesOf(), { ...LIMITS, maxTokens: 5000 });
    expect(decisions).toMatchObject([
      { code: 'too_many_tokens', value: 5001, text: '5001 tokens, --max-tokens is 5000' },
      { code: 'contaminated', text: 'bfcl: 13 words of multi_turn_base_7' },
      { kept: true },
    ]);
  });
});

describe('duplicates', () => {
  it('go in favour of the row with fewer warnings, with the similarity and the id of that row', () => {
    const decisions = decided([
      { id: 'a', passage: altered(text, 150), checks: [warning('x')] },
      { id: 'b', passage: text },
      { id: 'c' },
    ]);
    expect(decisions).toMatchObject([
      { id: 'a', kept: false, code: 'near_duplicate_passage', against: 'b' },
      { kept: true },
      { kept: true },
    ]);
    const [first] = decisions;
    // Two words of 300 are in ten of 296 runs of five: 286 of 306 runs in common.
    expect(first?.kept === false && first.value).toBeCloseTo(286 / 306, 1);
  });

  it('are not what is below the threshold', () => {
    const rows: RowSketch[] = [
      { id: 'a', passage: text },
      { id: 'b', passage: altered(text, 15) },
    ];
    expect(keptOf(decided(rows))).toEqual(['a', 'b']);
    expect(keptOf(decided(rows, { duplicates: { passage_jaccard: 0.3 } }))).toEqual(['a']);
    expect(keptOf(decided(rows, { duplicates: { passage_jaccard: null } }))).toEqual(['a', 'b']);
  });

  it('are not the different rows of one passage', () => {
    const rows = ['a', 'b'].map((id) => ({ id, passage: text, source: 'one' }));
    expect(keptOf(decided(rows))).toEqual(['a', 'b']);
  });

  it('are rows of any passages whose conversations and tools are near, never one of the two alone', () => {
    const same = { messages: conversation('m'), tool: 'book_visit' };
    const decisions = decided([
      { id: 'a', ...same },
      { id: 'b', messages: same.messages, tool: 'write_letter' },
      { id: 'c', tool: same.tool },
      { id: 'd', messages: withOneWordMore(same.messages), tool: same.tool },
    ]);
    expect(keptOf(decisions)).toEqual(['a', 'b', 'c']);
    expect(decisions[3]).toMatchObject({ code: 'near_duplicate_row', against: 'a' });
  });

  it('by id and by content are told as such', () => {
    const copy = { messages: conversation('m'), tool: 'book_visit' };
    const decisions = decided([
      { id: 'a' },
      { id: 'a' },
      { id: 'b', ...copy },
      { id: 'c', ...copy },
    ]);
    expect(decisions.flatMap((one) => (one.kept ? [] : [[one.id, one.code, one.against]]))).toEqual(
      [
        ['a', 'duplicate_id', 'a'],
        ['c', 'duplicate_row', 'b'],
      ],
    );
  });

  it('of a row that is refused itself stay', () => {
    const rows: RowSketch[] = [
      { id: 'a', passage: text, judge: null },
      { id: 'b', passage: text, checks: [warning('x')] },
    ];
    expect(keptOf(decided(rows))).toEqual(['b']);
  });

  it('of a row that a cap takes go for the cap, so that no pair names a row that is gone', () => {
    const rows: RowSketch[] = Array.from({ length: 12 }, (_, index) => ({
      id: `row${index}`,
      passage: altered(wordsFor(`passage ${index % 6}`, 300), 299 - index),
    }));
    const decisions = decided(rows, { caps: { per_domain: 2 } });
    const kept = keptOf(decisions);
    expect(kept).toHaveLength(2);
    const partners = decisions.flatMap((one) => (one.kept ? [] : [one.against]));
    expect(partners.filter((id) => id !== null).every((id) => kept.includes(id))).toBe(true);
    expect(decisions.filter((one) => !one.kept && one.code === 'cap_domain').length).toBe(8);
  });
});

describe('caps', () => {
  const many = (count: number, sketch: Omit<RowSketch, 'id'>, prefix = 'r'): RowSketch[] =>
    Array.from({ length: count }, (_, index) => ({ ...sketch, id: `${prefix}${index}` }));

  it.each<[string, RowSketch[], unknown, string, number]>([
    ['document', pieces(6), { per_source: 2 }, 'cap_source', 2],
    ['licence', many(5, { licence: 'MIT' }), { per_licence: 3 }, 'cap_licence', 3],
    ['tool set', many(5, { tool: 'one_tool' }), { per_tool_set: 1 }, 'cap_tool_set', 1],
    ['domain', many(5, {}), { per_domain: 4 }, 'cap_domain', 4],
  ])('keep so many rows of a %s', (_, rows, caps, code, kept) => {
    const decisions = decided(rows, { caps });
    expect(keptOf(decisions)).toHaveLength(kept);
    for (const one of decisions) if (!one.kept) expect(one).toMatchObject({ code, value: kept });
  });

  it('count a row in each of its domains', () => {
    const rows: RowSketch[] = [
      ...many(4, { domains: ['health', 'science'] }, 'both'),
      ...many(4, { domains: ['science'] }, 'one'),
    ];
    const kept = keptOf(decided(rows, { caps: { per_domain: 3 } }));
    expect(kept).toHaveLength(3);
  });

  it('choose by the seed', () => {
    const rows = many(40, {});
    const chosen = (seed: number) => keptOf(decided(rows, { caps: { per_domain: 10 } }, { seed }));
    expect(chosen(1)).toEqual(chosen(1));
    expect(chosen(1)).not.toEqual(chosen(2));
  });

  it('keep most of their choice when data grows', () => {
    const rules = { caps: { per_domain: 20 } };
    const before = keptOf(decided(many(60, {}), rules));
    const after = keptOf(decided([...many(6, {}, 'new'), ...many(60, {})], rules));
    expect(before.filter((id) => after.includes(id)).length).toBeGreaterThanOrEqual(14);
  });
});

describe('the mix of patterns', () => {
  const patterns = fc.array(fc.uniqueArray(fc.constantFrom(...Pattern.options), { maxLength: 4 }), {
    minLength: 1,
    maxLength: 40,
  });
  const share = fc.double({ min: 0.05, max: 0.95, noNaN: true });

  it('leaves no pattern above its share of the rows that stay', () => {
    fc.assert(
      fc.property(patterns, share, share, (found, first, second) => {
        const sketches = found.map((one, index) => ({ id: `r${index}`, patterns: one }));
        const max_share = { clarification: first, limitation: second };
        const kept = new Set(keptOf(decided(sketches, { patterns: { max_share } })));
        const rows = sketches.filter(({ id }) => kept.has(id));
        for (const [pattern, most] of Object.entries(max_share)) {
          const having = rows.filter((row) => row.patterns.some((one) => one === pattern)).length;
          expect(having).toBeLessThanOrEqual(most * rows.length);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('takes no more rows than it must', () => {
    const sketches = Array.from({ length: 20 }, (_, index) => ({
      id: `r${index}`,
      patterns: index < 15 ? (['clarification'] as const) : [],
    })).map((one) => ({ ...one, patterns: [...one.patterns] }));
    const decisions = decided(sketches, { patterns: { max_share: { clarification: 0.5 } } });
    expect(keptOf(decisions)).toHaveLength(10);
    expect(decisions.find(({ kept }) => !kept)).toMatchObject({
      code: 'pattern_share',
      text: 'clarification is in 75.0% of the rows, patterns.max_share is 0.5',
      value: 0.75,
    });
  });
});

it('who stays does not hang on the order of the rows', () => {
  const sketches: RowSketch[] = Array.from({ length: 30 }, (_, index) => ({
    id: `r${index}`,
    passage: altered(wordsFor(`passage ${index % 10}`, 300), 60 + 20 * (index % 7)),
    patterns: index % 3 === 0 ? ['clarification'] : [],
    checks: index % 4 === 0 ? [warning('x')] : [],
    domains: index % 2 === 0 ? ['health'] : ['science'],
  }));
  const rules = { caps: { per_domain: 4 }, patterns: { max_share: { clarification: 0.4 } } };
  const rows = sketches.map((sketch) => measured(sketch, rules));
  const usual = keptOf(decide(rows, rulesOf(rules), LIMITS));
  expect(usual.length).toBeGreaterThan(2);
  fc.assert(
    fc.property(fc.shuffledSubarray(rows, { minLength: rows.length }), (shuffled) => {
      expect(keptOf(decide(shuffled, rulesOf(rules), LIMITS))).toEqual(usual);
    }),
    { numRuns: 30 },
  );
});

function pieces(count: number): RowSketch[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `p${index}`,
    source: `guide#${index + 1}`,
  }));
}

function withOneWordMore(messages: RowSketch['messages'] = []): NonNullable<RowSketch['messages']> {
  return messages.map((message, index) =>
    index === 1 && message.role === 'user'
      ? { ...message, content: `${message.content} please` }
      : message,
  );
}
