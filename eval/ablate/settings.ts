import { z } from 'zod';
import { SynthConfig } from '../../synth/config.ts';

/**
 * Settings of a synth run, as few as are to be changed: kept as they are written, since filling in the others' defaults
 * would undo what they are laid over.
 */
export const Settings = z
  .record(z.string(), z.unknown())
  .superRefine((settings, context) => {
    const parsed = SynthConfig.safeParse(settings, { reportInput: true });
    for (const issue of parsed.error?.issues ?? []) context.addIssue(known(issue));
    for (const [key, why] of Object.entries(OF_THE_ABLATION))
      if (key in settings) context.addIssue({ code: 'custom', path: [key], message: why });
  })
  // Editors complete the keys from the schema of synth's own configuration.
  .meta({ $ref: 'synth.json' });
export type Settings = z.infer<typeof Settings>;

/** Settings over others: groups key by key, anything else as a whole. */
export function overlaid(under: Settings, over: Settings): Settings {
  const merged = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = merged[key];
    merged[key] = isGroup(before) && isGroup(value) ? overlaid(before, value) : value;
  }
  return merged;
}

/** The settings under their dotted keys, as `judge.endpoint: NAME`, joined by commas. */
export function settingsWords(settings: Settings, prefix = ''): string {
  return Object.entries(settings)
    .map(([key, value]) =>
      isGroup(value)
        ? settingsWords(value, `${prefix}${key}.`)
        : `${prefix}${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join(', ');
}

const SAME_PASSAGES = 'every variant takes the same passages: write';
const OF_THE_ABLATION: Readonly<Record<string, string>> = {
  limit: `${SAME_PASSAGES} limit beside settings, not in it`,
  target: `${SAME_PASSAGES} limit in its place`,
  seed: 'write seeds beside settings; each variant is run with each of them',
  budget_usd: 'the budget is over all variants: give it with --budget',
};

function isGroup(value: unknown): value is Settings {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** An issue of synth's schema at its place in this file; an unknown key is told with those that are known. */
function known(issue: z.core.$ZodIssue): {
  code: 'custom';
  path: PropertyKey[];
  message: string;
  input?: unknown;
} {
  if (issue.code !== 'unrecognized_keys')
    return { code: 'custom', path: issue.path, message: issue.message, input: issue.input };
  const top =
    issue.path.length === 0 ? `; known are ${Object.keys(SynthConfig.shape).join(', ')}` : '';
  const [key = ''] = issue.keys;
  return {
    code: 'custom',
    path: [...issue.path, key],
    message: `there is no such setting of synth${top}`,
  };
}
