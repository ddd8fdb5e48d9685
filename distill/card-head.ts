import { stringify } from 'yaml';
import type { DatasetManifest } from './dataset-manifest.ts';
import type { Datasheet } from './datasheet.ts';
import type { CardConfig } from './layouts/card-front-matter.ts';

/** The YAML head of a dataset card, as the hub reads it, without its fences. */
export function frontMatter(
  manifest: DatasetManifest,
  datasheet: Datasheet,
  config: CardConfig | null,
): string {
  const named = datasheet.licences.map(({ name }) => name).filter((name) => name !== 'not stated');
  // Other languages are named in words, where the hub wants codes.
  const isEnglish = manifest.sources.every(({ language }) => language === 'English');
  return stringify({
    pretty_name: manifest.name,
    ...(isEnglish ? { language: ['en'] } : {}),
    ...licenceOf(named),
    task_categories: ['text-generation'],
    tags: ['tool-use', 'agent', 'synthetic', 'gem-traj', manifest.task],
    size_categories: [sizeCategory(manifest.kept)],
    ...(config === null ? {} : { configs: [config] }),
  });
}

/** Names of licences that the hub knows. */
const HUB_LICENCES = new Set(
  'apache-2.0 mit cc0-1.0 cc-by-4.0 cc-by-3.0 cc-by-sa-4.0 cc-by-sa-3.0 odc-by mpl-2.0 unlicense'.split(
    ' ',
  ),
);

function licenceOf(names: readonly string[]): Record<string, string> {
  const [only] = names;
  if (only === undefined) return { license: 'unknown' };
  if (names.length === 1 && HUB_LICENCES.has(only.toLowerCase()))
    return { license: only.toLowerCase() };
  return { license: 'other', license_name: names.slice(0, 10).join('; ') };
}

/** The hub's names for sizes. */
function sizeCategory(rows: number): string {
  const steps: [number, string][] = [
    [1000, 'n<1K'],
    [10_000, '1K<n<10K'],
    [100_000, '10K<n<100K'],
    [1_000_000, '100K<n<1M'],
  ];
  return steps.find(([below]) => rows < below)?.[1] ?? '1M<n<10M';
}
