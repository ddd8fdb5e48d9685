import { describe, expect, it } from 'vitest';
import { findings, object } from './tool-findings.ts';

describe('what would take for ever', () => {
  it.each([
    '^(a+)+$',
    '^(a|a)*$',
    '^(\\w+\\s?)*$',
    `^${'a?'.repeat(30)}${'a'.repeat(30)}$`,
    '(a*)*b',
  ])('gives the pattern %s up', (pattern) => {
    const text = `${'a'.repeat(pattern.length > 40 ? 29 : 40)}!`;
    const found = findings(object({ a: { type: 'string', pattern }, b: { type: 'string' } }), {
      a: text,
      b: 1,
    });
    expect(found).toContain('wrong_type args.b');
    expect(found.some((code) => /^(?:args_not_checked|pattern_violation)/.test(code))).toBe(true);
  });

  it('still tries a slow-looking pattern that is not slow', () => {
    const slug = object({ a: { type: 'string', pattern: '^([a-z]+-)*[a-z]+$' } });
    expect(findings(slug, { a: 'the-long-way-home' })).toEqual([]);
    expect(findings(slug, { a: 'The way' })).toEqual(['pattern_violation args.a']);
  });

  it('refuses references that unfold without measure', () => {
    const $defs = Object.fromEntries(
      Array.from({ length: 40 }, (_, i) => [
        `d${i}`,
        i === 39 ? {} : { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    expect(findings(object({ a: { $ref: '#/$defs/d0' } }, { $defs }), { a: 1 })[0]).toMatch(
      /^tool_schema_refused/,
    );
    const chain = Object.fromEntries(
      Array.from({ length: 9000 }, (_, i) => [`d${i}`, { $ref: `#/$defs/d${i + 1}` }]),
    );
    expect(
      findings(
        object({}, { allOf: [{ $ref: '#/$defs/d0' }], $defs: { ...chain, d9000: {} } }),
        {},
      )[0],
    ).toMatch(/^tool_schema_refused/);
  });

  it('stops a schema that doubles its work at every level of the value', () => {
    const twice = { allOf: [{ $ref: '#/$defs/n' }, { $ref: '#/$defs/n' }] };
    const schema = object({ a: twice }, { $defs: { n: object({ a: twice }) } });
    const deep = `${'{"a":'.repeat(50)}{}${'}'.repeat(50)}`;
    expect(findings(schema, deep)).toEqual(['args_not_checked args']);
  });

  it('does not look into what is too big', () => {
    const deep = (levels: number): unknown =>
      JSON.parse(`${'{"properties":{"a":'.repeat(levels)}{}${'}}'.repeat(levels)}`);
    expect(findings(deep(3000), {})[0]).toMatch(/^tool_schema_refused/);
    expect(findings(object({}), `{"a": "${'x'.repeat(300_000)}"}`)).toEqual([
      'args_not_checked args',
    ]);
    expect(
      findings(object({ a: { format: 'email', type: 'string' } }), { a: 'a.'.repeat(100_000) }),
    ).toEqual(['format_violation args.a']);
    const many = object({ a: { type: 'array', uniqueItems: true } });
    expect(findings(many, { a: Array.from({ length: 15_000 }, (_, i) => i) }).length).toBeLessThan(
      2,
    );
  });
});
