import { z } from 'zod';
import { flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { readYaml } from '../../core/yaml.ts';
import { AblationConfig } from './config.ts';
import { overlaid, Settings } from './settings.ts';
import { KNOWN_VARIANTS } from './variants.ts';

/** What flags say over the file. */
export interface AblationFlags {
  config?: string | undefined;
  input: readonly string[];
  limit?: number | undefined;
  seed: readonly number[];
  endpoint?: string | undefined;
  synthesizer?: string | undefined;
  only: readonly string[];
}

/**
 * An ablation's configuration: a flag overrides the file, which overrides the default.
 * @returns it, and the settings of the synth configuration that it names
 * @throws UsageError with file, line and key; without an input; for a variant of --only that there is not
 */
export async function readAblation(
  flags: AblationFlags,
): Promise<{ config: AblationConfig; fromFile: Settings }> {
  const file =
    flags.config === undefined
      ? AblationConfig.parse({})
      : await readYaml(flags.config, AblationConfig);
  const written = file.synth === undefined ? {} : await readYaml(file.synth, Settings);
  const config: AblationConfig = {
    ...file,
    input: flags.input.length > 0 ? [...flags.input] : file.input,
    ...(flags.limit === undefined
      ? {}
      : { limit: flagValue('limit', Whole.positive(), flags.limit) }),
    seeds:
      flags.seed.length > 0 ? flags.seed.map((one) => flagValue('seed', Whole, one)) : file.seeds,
    settings: flags.endpoint === undefined ? file.settings : withEndpoint(file.settings, flags),
    variants: chosen(withSynthesizer(file.variants, flags.synthesizer), flags.only),
  };
  if (config.input.length === 0)
    throw new UsageError('no text is given: name it with --input, or as input in the file');
  if (config.input.includes('-'))
    throw new UsageError('--input -: each variant reads the text anew; name a file or a folder');
  const fromFile = flags.endpoint === undefined ? written : withEndpoint(written, flags);
  return { config, fromFile };
}

const Whole = z.number().int();
const Group = z.record(z.string(), z.unknown());

/** --endpoint speaks for all stages, those that the settings gave an endpoint included. */
function withEndpoint(settings: Settings, { endpoint }: AblationFlags): Settings {
  const { stages, ...others } = settings;
  const own = Object.entries(Group.parse(stages ?? {})).map(([name, stage]) => {
    const { endpoint: _replaced, ...rest } = Group.parse(stage);
    return [name, rest];
  });
  return {
    ...others,
    endpoint,
    ...(stages === undefined ? {} : { stages: Object.fromEntries(own) }),
  };
}

function withSynthesizer(
  variants: AblationConfig['variants'],
  endpoint: string | undefined,
): AblationConfig['variants'] {
  if (endpoint === undefined) return variants;
  const given = variants.synthesizer;
  const own = typeof given === 'object' ? given : {};
  return { ...variants, synthesizer: overlaid(own, { endpoint }) };
}

/** --only leaves all others out. */
function chosen(
  variants: AblationConfig['variants'],
  only: readonly string[],
): AblationConfig['variants'] {
  if (only.length === 0) return variants;
  const known = [...new Set([...KNOWN_VARIANTS, ...Object.keys(variants)])];
  const unknown = only.find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new UsageError(
      `--only ${unknown}: there is no such variant; known are ${known.join(', ')}`,
    );
  const kept = known.map((name) => [name, only.includes(name) ? (variants[name] ?? true) : false]);
  return Object.fromEntries(kept);
}
