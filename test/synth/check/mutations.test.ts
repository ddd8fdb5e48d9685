import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Conversation } from '../../../core/conversation.ts';
import { Finding } from '../../../core/trajectory.ts';
import { findPatterns } from '../../../synth/check/patterns.ts';
import { CHECKS, checkConversation } from '../../../synth/check/run-checks.ts';
import { CASES } from './cases.ts';

const ROWS = Object.entries(CASES)
  .filter(([code]) => code !== 'check_failed')
  .flatMap(([, { failing, passing }]) => [failing, passing]);

const KEYS = [
  '__proto__',
  'constructor',
  'type',
  '$ref',
  '$id',
  'pattern',
  'required',
  'items',
  'role',
  'content',
];

/** JSON texts of what a row may hold in place of what it should. */
const hostile: fc.Arbitrary<string> = fc.oneof(
  fc
    .constantFrom(null, true, -0, 1e300, '', '\ud800', '\u0000', '#', '^(a+)+$', '{"a":')
    .map((value) => JSON.stringify(value)),
  fc.constantFrom('{"$ref": "#"}', '{"type": "object", "properties": {"a": {"$ref": "#"}}}'),
  fc.constantFrom('[{"valueOf": 1}, {"valueOf": 1}]', '{"toString": 1, "then": 2}'),
  fc.integer({ min: 1, max: 200 }).map((depth) => `${'['.repeat(depth)}${']'.repeat(depth)}`),
  fc.nat(200).map((depth) => JSON.stringify(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`)),
  fc.nat(100_000).map((length) => JSON.stringify('a<[{'.repeat(length / 4))),
  fc.constantFrom(...KEYS).map((key) => `{${JSON.stringify(key)}: {"a": 1}}`),
  fc.string({ unit: 'binary' }).map((text) => JSON.stringify(text)),
  fc.json({ maxDepth: 3 }),
);

/** A row as JSON text gives it, with some of its values replaced, added or taken out. */
const mutated = fc
  .tuple(
    fc.constantFrom(...ROWS),
    fc.array(fc.tuple(fc.nat(), fc.nat(3), fc.constantFrom(...KEYS), hostile), {
      minLength: 1,
      maxLength: 4,
    }),
  )
  .map(([row, mutations]) => {
    const copy: object = structuredClone(row);
    for (const [place, kind, key, json] of mutations)
      mutate(copy, place, kind, key, JSON.parse(json));
    return copy;
  });

function mutate(root: object, place: number, kind: number, key: string, value: unknown): void {
  const holders = holdersIn(root);
  const holder = holders[place % holders.length] ?? root;
  const keys = Object.keys(holder);
  // A list of JSON has places alone.
  const added = Array.isArray(holder) ? String(holder.length) : key;
  const at = kind === 0 ? added : (keys[place % Math.max(1, keys.length)] ?? added);
  if (kind === 1) Reflect.deleteProperty(holder, at);
  else
    Object.defineProperty(holder, at, {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
}

function holdersIn(root: object): object[] {
  const found = new Set([root]);
  for (const holder of found) {
    for (const member of Object.values(holder)) {
      if (typeof member === 'object' && member !== null && found.size < 500) found.add(member);
    }
  }
  return [...found];
}

const codes = new Set(CHECKS.map(({ code }) => code));

describe('mutated rows', () => {
  it('end in findings of known codes, never in an exception or a failed check', () => {
    fc.assert(
      fc.property(mutated, fc.constantFrom('gem' as const, 'foreign' as const), (row, profile) => {
        const { messages, tools } = { messages: [], tools: [], ...row };
        const context = {
          conversation: { messages, tools },
          refined: true,
          profile,
          language: 'English',
        };
        for (const finding of checkConversation(context)) {
          expect(Finding.safeParse(finding).success).toBe(true);
          expect(codes.has(finding.code)).toBe(true);
          expect(finding.code, finding.text).not.toBe('check_failed');
          expect(finding.text).toBe(finding.text.replace(/\p{Surrogate}/gu, '?'));
        }
      }),
      { numRuns: 3000 },
    );
  });

  it('do not make the search for patterns throw', () => {
    fc.assert(
      fc.property(mutated, (row) => {
        const parsed = Conversation.safeParse(row);
        if (parsed.success) expect(Array.isArray(findPatterns(parsed.data))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});
