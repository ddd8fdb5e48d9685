import { join } from 'node:path';
import { hashValue } from '../../core/hash.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { FingerprintParts } from '../../core/run/fingerprint.ts';
import type { StageName } from '../../core/trajectory.ts';
import type { SynthConfig } from '../../synth/config.ts';
import { fingerprintParts } from '../../synth/run-settings.ts';
import { setUpStages } from '../../synth/setups.ts';
import type { AblationConfig } from './config.ts';
import {
  type Common,
  configOf,
  type SkippedVariant,
  type Variant,
  type Variants,
} from './variants.ts';

/** One variant with one seed: a run. */
export interface PlannedRun {
  variant: Variant;
  seed: number;
  folder: string;
  config: SynthConfig;
  endpoints: Record<StageName, NamedEndpoint>;
  /** What shapes its rows, under the fingerprint's keys. */
  parts: FingerprintParts;
}

/** What an ablation is going to do. */
export interface AblationPlan {
  /** In the order in which they are run: all variants of a seed, then those of the next. */
  runs: PlannedRun[];
  skipped: SkippedVariant[];
  /** What decides over rows where a variant says nothing else. */
  common: Common;
}

/** The endpoint of each stage of a configuration. */
export type Resolve = (config: SynthConfig) => Promise<Record<StageName, NamedEndpoint>>;

/**
 * Plans the runs. A variant whose settings come out as those of an earlier one is left out: it would be the same run.
 * @param out the folder that gets a folder for each run
 * @throws UsageError for endpoints and prompt files that are not there
 */
export async function planRuns(
  { variants, skipped, common }: Variants,
  config: Pick<AblationConfig, 'seeds' | 'limit'>,
  out: string,
  resolve: Resolve,
): Promise<AblationPlan> {
  const runs: PlannedRun[] = [];
  const left = [...skipped];
  for (const seed of new Set(config.seeds)) {
    for (const variant of variants) {
      const own = configOf(variant, config, seed);
      const endpoints = await resolve(own);
      const parts = fingerprintParts(own, await setUpStages(own, endpoints));
      const twin = runs.find(
        (run) => run.seed === seed && hashValue(run.parts) === hashValue(parts),
      );
      if (twin === undefined) {
        const folder = join(out, folderName(variant.name, seed));
        runs.push({ variant, seed, folder, config: own, endpoints, parts });
      } else if (!left.some(({ name }) => name === variant.name))
        left.push({ name: variant.name, why: `its settings are those of ${twin.variant.name}` });
    }
  }
  return { runs, skipped: left, common };
}

/** The same for a seed whatever other seeds there are, so that seeds can be added later. */
function folderName(variant: string, seed: number): string {
  return seed === 0 ? variant : `${variant}-seed-${seed}`;
}
