import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { TESTS, withTables } from './table.ts';

const path = join(packageRoot(), 'docs', 'reliability.md');

it('docs/reliability.md has the faults that are tested (npx vitest run test/faults/docs.test.ts -u)', async () => {
  await expect(withTables(readFileSync(path, 'utf8'))).toMatchFileSnapshot(path);
  expect(TESTS.filter((name) => !existsSync(join(packageRoot(), 'test', name)))).toEqual([]);
});
