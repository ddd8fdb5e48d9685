import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../core/package-root.ts';
import { withCodesTable } from '../synth/check/files/codes.ts';

const path = join(packageRoot(), 'docs', 'checks.md');
writeFileSync(path, withCodesTable(readFileSync(path, 'utf8')));
