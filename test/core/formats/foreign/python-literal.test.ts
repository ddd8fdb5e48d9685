import { expect, it } from 'vitest';
import { parsePythonLiteral } from '../../../../core/formats/python-literal.ts';

it.each([
  [
    `{'a': 1, "b": [True, False, None], 'c': (1.5, -2e3)}`,
    { a: 1, b: [true, false, null], c: [1.5, -2000] },
  ],
  [
    `{'it\\'s': "say \\"x\\"", 'n': 'one\\ntwo', 'u': '\\u00e9\\x41'}`,
    { "it's": 'say "x"', n: 'one\ntwo', u: 'éA' },
  ],
  ['{}', {}],
  [' [ ] ', []],
  [`{1: 'one'}`, { 1: 'one' }],
])('%s is read', (text, value) => {
  expect(parsePythonLiteral(text)).toEqual(value);
});

it.each(['', '{', "{'a'}", "['a' 'b']", 'print(1)', "'open", `${'['.repeat(5000)}`, "{'a': 1} x"])(
  '%j is none',
  (text) => {
    expect(parsePythonLiteral(text)).toBeUndefined();
  },
);
