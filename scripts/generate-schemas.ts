import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../core/package-root.ts';
import { configSchemas } from './config-schemas.ts';

const folder = join(packageRoot(), 'configs', 'schemas');
mkdirSync(folder, { recursive: true });
for (const [name, text] of configSchemas()) writeFileSync(join(folder, name), text);
