import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';
import { CODES, withCodesTable } from '../../../synth/check/files/codes.ts';

it('docs/checks.md has the codes that there are (npx tsx scripts/check-codes.ts)', () => {
  const text = readFileSync(join(packageRoot(), 'docs', 'checks.md'), 'utf8');
  expect(withCodesTable(text)).toBe(text);
  expect(CODES.filter(({ code }) => !text.includes(`| \`${code}\` |`))).toEqual([]);
});
