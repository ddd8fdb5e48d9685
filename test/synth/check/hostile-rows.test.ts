import { describe, expect, it } from 'vitest';
import { readRows } from '../../../core/formats/read-row.ts';
import { Finding } from '../../../core/trajectory.ts';
import { checkFileRow } from '../../../synth/check/files/check-row.ts';
import { CODES } from '../../../synth/check/files/codes.ts';
import { reportRow } from '../../../synth/check/files/report-row.ts';
import { Random } from '../../../synth/offline/seed.ts';
import { CASES } from './cases.ts';

const ROUNDS = process.env.GEM_TRAJ_LONG === '1' ? 100_000 : 3000;
/** No row may hang a check. Far above what any takes, so that a busy machine changes nothing. */
const LIMIT_MS = 20_000;

const ROWS: readonly unknown[] = [
  ...Object.entries(CASES)
    .filter(([code]) => code !== 'check_failed')
    .map(([, { failing }]) => failing),
  {
    conversations: [
      { from: 'human', value: 'Hello' },
      { from: 'gpt', value: 'Hi' },
    ],
    tools: '[]',
  },
  { conversations: [{ from: 'gpt', value: '<tool_call>\n{"name": "a"}\n</tool_call>' }] },
  { simulations: [{ messages: [{ role: 'user', content: 'Hello' }] }], info: {} },
  { messages: '[{"role": "tool_call", "content": "{\'name\': \'a\'}"}]', tools: '[]' },
];

/** Values that break what takes them for something else; big ones are made when they are asked for. */
const HOSTILE: readonly ((random: Random) => unknown)[] = [
  (random) => random.pick([null, true, -0, 1e308, '', '\ud800', '\u0000', '#', '{"a":', '[]']),
  (random) => nested(random.int(1, random.chance(0.1) ? 10_000 : 300), random.chance(0.5)),
  (random) => 'a<[{" '.repeat(random.int(1, 40_000)),
  // A megabyte, in few rows: making it takes the time, not the checks.
  (random) => random.pick(MEGABYTE).repeat(random.chance(0.02) ? 1_000_000 / 4 : 100),
  (random) => bomb(random),
  (random) => `{"a": ${'['.repeat(random.int(1, 10_000))}`,
  (random) => `${'['.repeat(10_000)}${']'.repeat(random.chance(0.5) ? 10_000 : 1)}`,
  (random) => `${'a'.repeat(random.int(1, 60))}!`,
  () => ({ type: 'object', properties: { card: { type: 'string', pattern: '^(a+)+$' } } }),
  () => ({ type: 'object', properties: { card: { pattern: '(.*a){30}|(x+x+)+y' } } }),
  () => ({ $ref: '#', anyOf: [{ $ref: '#' }], allOf: [{ $ref: '#/anyOf/0' }] }),
  () => JSON.parse('{"__proto__": {"polluted": true}, "constructor": {"prototype": {}}}'),
  () =>
    JSON.parse('{"toString": 1, "valueOf": null, "then": 2, "length": -1, "hasOwnProperty": 3}'),
  (random) => Array.from({ length: random.int(1, 400) }, (_, index) => ({ role: 'tool', index })),
  (random) => '1,'.repeat(random.int(1, 5000)),
  (random) => '<tool_call>'.repeat(random.int(1, 2000)),
  (random) => '<tools>{'.repeat(random.int(1, 2000)),
  (random) => `${' '.repeat(random.int(1, 30_000))}x`,
  (random) => `{"card": "${'a'.repeat(random.int(20, 50))}!"}`,
  (random) => `${random.int(1, 9)}`.repeat(random.int(1, 3000)),
  (random) => '2024-01-01 '.repeat(random.int(1, 3000)),
  (random) => 'one hundred '.repeat(random.int(1, 3000)),
  () => ['messages', 'tools', 'role', '__proto__'],
];

const MEGABYTE = ['aaaa', 'a b ', '12, ', 'W44 ', '$5. ', '2026', 'é\u0301xy', '\n\n- '];
const BOMBS = [
  '^(a+)+$',
  '^(a|aa)+$',
  '^(([a-z])+.)+[A-Z]([a-z])+$',
  '(a|a?)+$',
  '^(\\d+)*x$',
  '(?=(a+))a*b\\1',
  '^(.*?,){20}P',
  '(',
  '[\\p{L}-',
];

/** A tool whose schema has a pattern that takes for ever, beside a call with a text to hold against it. */
function bomb(random: Random): unknown {
  const pattern = random.pick(BOMBS);
  const text = `${random.pick(['a', '1', 'a,', 'é']).repeat(random.int(20, 60))}!`;
  const schema = { type: 'string', pattern };
  const parameters = random.chance(0.5)
    ? { type: 'object', properties: { card: schema }, patternProperties: { [pattern]: {} } }
    : { type: 'object', additionalProperties: schema };
  return random.pick([
    { type: 'function', function: { name: 'a', parameters } },
    {
      id: '1',
      type: 'function',
      function: { name: 'a', arguments: JSON.stringify({ card: text }) },
    },
    parameters,
    pattern,
    text,
  ]);
}

const KEYS = [
  '__proto__',
  'constructor',
  'type',
  '$ref',
  'pattern',
  'required',
  'role',
  'content',
  'id',
];

function nested(depth: number, list: boolean): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level += 1) value = list ? [value] : { a: value };
  return value;
}

function mutate(root: object, random: Random): void {
  const holder = random.pick(holdersIn(root));
  // A list of JSON has places alone.
  const added = Array.isArray(holder) ? String(holder.length) : random.pick(KEYS);
  const key = random.pick([...Object.keys(holder), added]);
  if (random.chance(0.15)) Reflect.deleteProperty(holder, key);
  else {
    const value = random.pick(HOSTILE)(random);
    const own = { value, enumerable: true, configurable: true, writable: true };
    Object.defineProperty(holder, key, own);
  }
}

function holdersIn(root: object): object[] {
  const found = new Set([root]);
  for (const holder of found) {
    for (const member of Object.values(holder))
      if (typeof member === 'object' && member !== null && found.size < 200) found.add(member);
  }
  return [...found];
}

const known = new Set(CODES.map(({ code }) => code));

describe('hostile rows', () => {
  it(
    `end in findings, each in time (${ROUNDS}; GEM_TRAJ_LONG=1 makes it 100,000)`,
    () => {
      for (let round = 0; round < ROUNDS; round += 1) {
        const random = new Random(`hostile ${round}`);
        const value = structuredClone(random.pick(ROWS));
        const root = typeof value === 'object' && value !== null ? value : {};
        for (let count = random.int(1, 4); count > 0; count -= 1) mutate(root, random);
        const start = performance.now();
        for (const row of readRows(root, 'auto')) {
          const profile = random.pick(['gem', 'foreign'] as const);
          const options = {
            profile,
            language: 'English',
            passageOf: () => 'Loans run four weeks.',
          };
          const { findings } = reportRow(checkFileRow(row, 'row', options));
          for (const finding of findings) {
            expect(Finding.safeParse(finding).success, `round ${round}`).toBe(true);
            expect(known.has(finding.code), `round ${round}`).toBe(true);
            expect(finding.code, `round ${round}: ${finding.text}`).not.toBe('check_failed');
          }
        }
        expect(performance.now() - start, `round ${round}`).toBeLessThan(LIMIT_MS);
      }
      expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
    },
    6 * 3_600_000,
  );
});
