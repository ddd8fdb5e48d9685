import { z } from 'zod';
import { Settings } from './settings.ts';

/** true: with its own settings; false: left out; settings: laid over its own. */
const VariantSwitch = z.union([z.boolean(), Settings]);

/** An ablation: the same passages, as several variants of one configuration. */
export const AblationConfig = z.strictObject({
  /** Files, folders or globs; --input overrides it. */
  input: z.array(z.string()).default([]),
  /** Passages, from the first. */
  limit: z.number().int().positive().optional(),
  /** Each variant is run with each seed. */
  seeds: z.array(z.number().int()).min(1).default([0]),
  /** A file with the settings of a synth run, which all variants begin from. */
  synth: z.string().optional(),
  /** Settings laid over those of the file, for all variants. */
  settings: Settings.default({}),
  /** By name: those that are known switched or changed, others with settings of their own. */
  variants: z.record(z.string(), VariantSwitch).superRefine(requireFolderNames).default({}),
  compare: z
    .strictObject({
      /** A folder that `distill` made: how much rows copy from it. */
      training: z.string().optional(),
      /** GPUs that served the runs. */
      gpus: z.number().positive().optional(),
      replicates: z.number().int().min(200).default(2000),
      seed: z.number().int().default(0),
    })
    .prefault({}),
  /** By variant: folders of `eval bfcl` and `eval tau2` of the checkpoint that was trained on its rows. */
  scores: z.record(z.string(), z.array(z.string())).default({}),
});
export type AblationConfig = z.infer<typeof AblationConfig>;

/** A variant's name is the name of its folder, beside files with a dot in theirs. */
function requireFolderNames(variants: object, context: z.RefinementCtx): void {
  for (const name of Object.keys(variants)) {
    if (/^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name)) continue;
    const message = 'a variant is named by letters, digits, _ and -';
    context.addIssue({ code: 'custom', path: [name], message });
  }
}
