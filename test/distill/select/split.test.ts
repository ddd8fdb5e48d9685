import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { documentId } from '../../../core/passage.ts';
import { groupDocuments } from '../../../distill/select/document-groups.ts';
import { splitDocuments, splitOf } from '../../../distill/select/split.ts';
import { altered, measured, rulesOf, wordsFor } from './rows.ts';

const documents = (count: number): string[] =>
  Array.from({ length: count }, (_, index) => `document-${index}`);
const alone = (ids: string[]): string[][] => ids.map((id) => [id]);
const options = { validation: 0.1, test: 0, seed: 5 };

describe('documentId', () => {
  it.each([
    ['guide#2', 'guide'],
    ['guide#12~0a1b2c3d', 'guide'],
    ['guide', 'guide'],
    ['guide~0a1b2c3d', 'guide~0a1b2c3d'],
    ['page#top', 'page#top'],
    ['page#1#2', 'page#1'],
  ])('of %j is %j', (id, document) => {
    expect(documentId({ id })).toBe(document);
  });
});

describe('splitDocuments', () => {
  it('gives validation about its share', () => {
    const all = documents(5000);
    const count = all.filter((id) => splitOf(id, options) === 'validation').length;
    expect(count / all.length).toBeGreaterThan(0.085);
    expect(count / all.length).toBeLessThan(0.115);
  });

  it('gives test exactly so many documents, spread over what would be train and validation', () => {
    const splits = splitDocuments(alone(documents(400)), { ...options, validation: 0.5, test: 60 });
    const test = documents(400).filter((id) => splits.get(id) === 'test');
    expect(test).toHaveLength(60);
    const forValidation = test.filter(
      (id) => splitOf(id, { validation: 0.5, seed: 5 }) === 'validation',
    );
    expect(forValidation.length).toBeGreaterThan(15);
    expect(forValidation.length).toBeLessThan(45);
  });

  it('keeps every document on its side when others come, the test split apart', () => {
    const before = splitDocuments(alone(documents(300)), { ...options, test: 20 });
    const after = splitDocuments(alone([...documents(330)].reverse()), { ...options, test: 20 });
    for (const id of documents(300)) {
      if (before.get(id) === 'test' || after.get(id) === 'test') continue;
      expect(after.get(id)).toBe(before.get(id));
    }
    const stays = documents(300).filter(
      (id) => before.get(id) === 'test' && after.get(id) === 'test',
    );
    expect(stays.length).toBeGreaterThanOrEqual(14);
  });

  it('depends on the seed', () => {
    const sides = (seed: number) =>
      documents(200).map((id) => splitOf(id, { validation: 0.5, seed }));
    expect(sides(1)).not.toEqual(sides(2));
  });

  it('never tears a group apart, whatever the groups', () => {
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 30 }), (all, test) => {
        const groups = all.map((size, group) => documents(size).map((id) => `${group} ${id}`));
        const splits = splitDocuments(groups, { validation: 0.3, test, seed: 1 });
        for (const group of groups) expect(new Set(group.map((id) => splits.get(id))).size).toBe(1);
        const forTest = [...splits.values()].filter((split) => split === 'test').length;
        expect(forTest).toBeLessThanOrEqual(test);
      }),
    );
  });
});

describe('groupDocuments', () => {
  const text = wordsFor('long text', 300);

  it('joins documents with near passages, also by way of a third', () => {
    const rows = [
      measured({ id: 'r1', source: 'a#1' }),
      measured({ id: 'r2', source: 'a#2', passage: text }),
      measured({ id: 'r3', source: 'b', passage: altered(text, 60) }),
      measured({ id: 'r4', source: 'c', passage: altered(altered(text, 60), 61) }),
      measured({ id: 'r5', source: 'd' }),
    ];
    expect(groupDocuments(rows, rulesOf())).toEqual([['a', 'b', 'c'], ['d']]);
  });

  it('compares no documents where it is told so', () => {
    const rows = [
      measured({ id: 'r1', source: 'a', passage: text }),
      measured({ id: 'r2', source: 'b', passage: text }),
    ];
    expect(groupDocuments(rows, rulesOf())).toEqual([['a', 'b']]);
    expect(groupDocuments(rows, rulesOf({ splits: { passage_jaccard: null } }))).toEqual([
      ['a'],
      ['b'],
    ]);
  });
});
