import { UsageError } from '../../core/errors.ts';
import { StageName } from '../../core/trajectory.ts';
import { judgePromptOf, repairRounds, SynthConfig } from '../../synth/config.ts';
import type { AblationConfig } from './config.ts';
import { overlaid, type Settings } from './settings.ts';

/** A way to make trajectories of the passages, by what it changes. */
export interface Variant {
  name: string;
  /** What it has other than the configuration that all begin from. */
  changes: Settings;
  settings: Settings;
}

/** What is left out, and why. */
export interface SkippedVariant {
  name: string;
  why: string;
}

/** What decides over rows. */
export interface Common {
  gate: string;
  judge_prompt: string;
  repair: number;
}

/** The variants of an ablation, those that are left out, and what decides in all of them. */
export interface Variants {
  variants: Variant[];
  skipped: SkippedVariant[];
  common: Common;
}

/**
 * The paper's arm: its rule check and a judge that does not see ours decide, and nothing is mended, since mending would
 * make up for what an ablation takes away (design: A run, gates).
 */
const PAPER_ARM: Settings = { gate: 'paper', judge_prompt: 'paper', repair: 0 };

/** The variants that every ablation has unless they are switched off; the first is what the others are held against. */
const KNOWN: Readonly<Record<string, Settings>> = {
  full: {},
  'no-refine': { refine: false },
  'no-judge': { judge: false },
  'no-check': { check: false },
  'extended-checks': { gate: 'strict' },
  // The filter's answers are there already; without it, passages that have no workflow would be synthesized too.
  synthesizer: { method: 'synthesizer', synthesizer: { filter: true } },
};

/** Their names, in the order in which they are run. */
export const KNOWN_VARIANTS: readonly string[] = Object.keys(KNOWN);

/**
 * The variants of an ablation, `full` first.
 * @param fromFile the settings that all begin from
 * @param offline whether the offline teacher answers what no endpoint is named for
 */
export function variantsOf(
  { variants, settings }: Pick<AblationConfig, 'variants' | 'settings'>,
  fromFile: Settings,
  offline: boolean,
): Variants {
  const base = overlaid(overlaid(PAPER_ARM, fromFile), settings);
  const names = [...new Set([...KNOWN_VARIANTS, ...Object.keys(variants)])];
  const taken: Variant[] = [];
  const skipped: SkippedVariant[] = [];
  for (const name of names) {
    const given = variants[name] ?? true;
    if (given === false) skipped.push({ name, why: 'switched off' });
    else {
      const variant = variantOf(name, base, given === true ? {} : given, offline);
      if (lacksSynthesizer(variant.settings, offline))
        skipped.push({ name, why: WITHOUT_SYNTHESIZER });
      else taken.push(variant);
    }
  }
  return { variants: taken, skipped, common: commonOf(base) };
}

/** A variant's configuration for a seed. @throws UsageError for settings that do not go together */
export function configOf(
  { name, settings }: Variant,
  { limit }: Pick<AblationConfig, 'limit'>,
  seed: number,
): SynthConfig {
  const own = { seed, ...(limit === undefined ? {} : { limit }) };
  const parsed = SynthConfig.safeParse({ ...settings, ...own });
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new UsageError(`variant ${name}: ${issue?.path.join('.')}: ${issue?.message}`);
}

function commonOf(base: Settings): Common {
  const config = SynthConfig.parse(base);
  return {
    gate: config.gate,
    judge_prompt: judgePromptOf(config),
    repair: repairRounds(config),
  };
}

const WITHOUT_SYNTHESIZER =
  'no endpoint of a synthesizer is named; give --synthesizer NAME, or variants.synthesizer.endpoint in the file';

function variantOf(name: string, base: Settings, given: Settings, offline: boolean): Variant {
  const changes = overlaid(KNOWN[name] ?? {}, given);
  const isSynthesizer = changes.method === 'synthesizer' && base.method !== 'synthesizer';
  const under = isSynthesizer ? besideSynthesizer(base) : base;
  const settings = overlaid(under, changes);
  return { name, changes, settings: offline ? withoutEndpoints(settings) : settings };
}

/** In a synthesizer's run `endpoint` names the synthesizer: that of the pipeline is written to each of its stages. */
function besideSynthesizer({ endpoint, ...base }: Settings): Settings {
  if (endpoint === undefined) return base;
  const named = StageName.options
    // Mending has an endpoint of its own only where it is to be the teacher's.
    .filter((stage) => stage !== 'synthesize' && stage !== 'repair')
    .map((stage) => [stage, { endpoint }]);
  return overlaid({ stages: Object.fromEntries(named) }, base);
}

/** The offline teacher answers every stage; but not for a synthesizer that is named. */
function withoutEndpoints(settings: Settings): Settings {
  const { stages } = SynthConfig.pick({ stages: true }).parse({ stages: settings.stages });
  const own = Object.entries(stages).map(([name, { endpoint, ...stage }]) => [
    name,
    name === 'synthesize' && endpoint !== undefined ? { ...stage, endpoint } : stage,
  ]);
  const { endpoint, ...others } = settings;
  const kept = settings.method === 'synthesizer' && endpoint !== undefined ? { endpoint } : {};
  return { ...others, ...kept, stages: Object.fromEntries(own) };
}

function lacksSynthesizer(settings: Settings, offline: boolean): boolean {
  const { stages } = SynthConfig.pick({ stages: true }).parse({ stages: settings.stages });
  const isNamed = settings.endpoint !== undefined || stages.synthesize.endpoint !== undefined;
  return settings.method === 'synthesizer' && !offline && !isNamed;
}
