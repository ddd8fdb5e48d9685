import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { packageRoot } from '../../core/package-root.ts';
import { parseYaml, readYaml } from '../../core/yaml.ts';
import { DistillRules } from '../../distill/rules.ts';

const shipped = join(packageRoot(), 'configs', 'distill.yaml');
const read = (text: string) => parseYaml(text, DistillRules, 'rules.yaml');

describe('configs/distill.yaml', () => {
  it('says the defaults, all of them', async () => {
    const defaults = DistillRules.parse({});
    expect(await readYaml(shipped, DistillRules)).toEqual(defaults);
    const text = await readFile(shipped, 'utf8');
    const { decontamination, ...groups } = defaults;
    expect(Object.keys(decontamination).length).toBeGreaterThan(0);
    for (const key of Object.values(groups).flatMap((group) => Object.keys(group)))
      expect(text).toContain(`${key}:`);
  });
});

describe('a file of rules', () => {
  it('may leave everything out', () => {
    expect(read('')).toEqual(DistillRules.parse({}));
    expect(read('caps: { per_domain: 5 }').caps).toEqual({
      per_domain: 5,
      per_source: null,
      per_licence: null,
      per_tool_set: null,
    });
  });

  it.each([
    ['cap: { per_domain: 5 }', 'rules.yaml, line 1: unknown key "cap"; known are duplicates, caps'],
    ['caps:\n  per_domain: 0', 'rules.yaml, line 2: caps.per_domain: '],
    ['duplicates: { passage_jaccard: 1.5 }', 'it is 1.5'],
    ['patterns: { max_share: { clarify: 0.5 } }', 'patterns.max_share'],
    ['messages: { min: 8, max: 4 }', 'messages: min is above max: no row can be kept'],
    ['personal_data: { kinds: [name] }', 'personal_data.kinds.0'],
  ])('with %j is refused with line and key', (text, message) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(message);
  });
});
