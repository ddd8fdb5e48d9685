import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from '../core/yaml.ts';
import { DistillRules } from './rules.ts';

/** The rules that a dataset was made by, as they lie beside it; the defaults where there are none yet. */
export async function keptRules(folder: string): Promise<DistillRules> {
  const path = join(folder, 'rules.yaml');
  return existsSync(path) ? await readYaml(path, DistillRules) : DistillRules.parse({});
}

/** Rules that refuse further documents or passages. */
export function refusing(rules: DistillRules, sources: readonly string[]): DistillRules {
  return { ...rules, refuse_sources: [...new Set([...rules.refuse_sources, ...sources])] };
}
