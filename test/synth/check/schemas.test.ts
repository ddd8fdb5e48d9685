import { describe, expect, it } from 'vitest';
import { findings, findingsOf, object } from './tool-findings.ts';

describe('violations', () => {
  const nested = object({
    stay: object({
      guests: { type: 'array', items: object({ age: { type: 'integer' } }, { required: ['age'] }) },
    }),
    'odd key': { type: ['string', 'null'] },
  });

  it('are found one by one, each with its path', () => {
    const args = { stay: { guests: [{ age: 1 }, { age: 'two' }, {}] }, 'odd key': 7 };
    expect(findings(nested, args)).toEqual([
      'missing_required args.stay.guests[2].age',
      'wrong_type args.stay.guests[1].age',
      'wrong_type args["odd key"]',
    ]);
    expect(findings(nested, { 'odd key': null })).toEqual([]);
  });

  it('tell a wrong type from a choice whose branches all want another', () => {
    const choice = object(
      { size: { anyOf: [{ type: 'string' }, { type: 'null' }] } },
      { required: ['size'] },
    );
    expect(findings(choice, { size: 4 })).toEqual(['wrong_type args.size']);
    expect(findings(choice, {})).toEqual(['missing_required args.size']);
  });

  it('keep what is beside a choice that fails too', () => {
    const both = object(
      { a: { type: 'string' }, b: {}, c: {} },
      { required: ['a'], anyOf: [{ required: ['b'] }, { required: ['c'] }] },
    );
    expect(findings(both, {}).sort()).toEqual(['missing_required args.a', 'schema_violation args']);
  });

  it('take 19.99 for a multiple of 0.01', () => {
    const price = object({ price: { type: 'number', multipleOf: 0.01 } });
    expect(findings(price, { price: 19.99 })).toEqual([]);
  });
});

describe('undeclared members', () => {
  it('pass where the schema invites them', () => {
    const args = { a: { any: 1 }, b: { any: 1 }, c: { x_1: 2 }, d: { any: 1 } };
    const inviting = object(
      {
        a: { type: 'object' },
        b: object({ own: {} }, { additionalProperties: { type: 'integer' } }),
        c: object({}, { patternProperties: { '^x_': {} } }),
        d: { anyOf: [{ $ref: '#/$defs/known' }, { type: 'object', additionalProperties: true }] },
      },
      { $defs: { known: object({ own: {} }) } },
    );
    expect(findings(inviting, args)).toEqual([]);
  });

  it('are looked for behind references and in every branch', () => {
    const split = object(
      { d: { allOf: [{ $ref: '#/$defs/a' }, object({ two: {} })] } },
      { $defs: { a: object({ one: {} }) } },
    );
    expect(findings(split, { d: { one: 1, two: 2 } })).toEqual([]);
    expect(findings(split, { d: { one: 1, three: 3 } })).toEqual([
      'undeclared_member args.d.three',
    ]);
  });

  it('are told once where the schema forbids them itself', () => {
    const closed = object({ a: {} }, { additionalProperties: false });
    expect(findings(closed, { a: 1, b: 2 })).toEqual(['undeclared_argument args.b']);
    // A tool without parameters takes none.
    const none = { type: 'function', function: { name: 'renew_loan', description: 'Renew.' } };
    expect(findingsOf(none, { b: 2 })).toEqual(['undeclared_argument args.b']);
  });

  it('include names that every object inherits', () => {
    expect(findings(object({}), '{"__proto__": 1, "constructor": 2}')).toEqual([
      'undeclared_argument args.__proto__',
      'undeclared_argument args.constructor',
    ]);
    const required = object({ constructor: {} }, { required: ['constructor'] });
    expect(findings(required, {})).toEqual(['missing_required args.constructor']);
  });
});

describe('schemas', () => {
  it('may be of the drafts that tools are written in', () => {
    const tuple = { type: 'array', items: [{ type: 'string' }, { type: 'integer' }] };
    expect(findings(object({ a: tuple }), { a: ['x', 'y'] })).toEqual(['wrong_type args.a[1]']);
    const named = { $schema: 'https://json-schema.org/draft/2020-12/schema' };
    expect(findings(object({ a: tuple }, named), {})[0]).toMatch(/^tool_schema_invalid tools\[0\]/);
    const seven = { $schema: 'http://json-schema.org/draft-07/schema#' };
    expect(findings(object({ a: tuple }, seven), { a: ['x', 2] })).toEqual([]);
    expect(findings(object({}, { $schema: 'urn:mine' }), {})[0]).toMatch(/^tool_schema_refused/);
  });

  it('must be of the type object, and no list', () => {
    for (const parameters of [
      {},
      { type: 'string' },
      { type: ['object', 'null'] },
      [],
      'none',
      null,
    ]) {
      expect(findings(parameters, {})[0], JSON.stringify(parameters)).toMatch(
        /^tool_schema_invalid/,
      );
    }
  });

  it('are told where they are wrong, at every depth', () => {
    const faulty = object({ a: object({ b: { pattern: '(' } }, { required: ['c'] }) });
    const base = 'tools[0].function.parameters.properties.a';
    expect(findings(faulty, {}).sort()).toEqual([
      `required_unknown_property ${base}.required[0]`,
      `tool_schema_invalid ${base}.properties.b.pattern`,
    ]);
  });

  it("may repeat each other's $id, and their own names do not meet those of the next", () => {
    for (const type of ['string', 'integer', 'boolean']) {
      const same = object(
        { a: { $ref: '#/$defs/one' } },
        { $id: 'urn:same', $defs: { one: { $id: 'urn:one', type } } },
      );
      expect(findings(same, { a: [] })).toEqual(['wrong_type args.a']);
    }
  });

  it('are never fetched and never followed in a circle', () => {
    const refused = [
      { $ref: 'file:///etc/hostname' },
      { $ref: '#/$defs/none' },
      { $ref: '#/properties/a' },
      { allOf: [{ $ref: '#/$defs/b' }] },
      { $dynamicRef: '#a' },
    ];
    for (const a of refused) {
      const schema = object(
        { a },
        { $defs: { b: { anyOf: [{ $ref: '#/$defs/c' }] }, c: { $ref: '#/$defs/b' } } },
      );
      expect(findings(schema, { a: 1 })[0], JSON.stringify(a)).toMatch(/^tool_schema_refused/);
    }
  });

  it('may contain themselves', () => {
    const tree = object(
      { root: { $ref: '#/$defs/node' } },
      {
        $defs: {
          node: object({
            name: { type: 'string' },
            children: { type: 'array', items: { $ref: '#/$defs/node' } },
          }),
        },
      },
    );
    const args = { root: { name: 'a', children: [{ name: 'b', children: [{ name: 3 }] }] } };
    expect(findings(tree, args)).toEqual(['wrong_type args.root.children[0].children[0].name']);
  });
});
