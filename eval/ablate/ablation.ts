import { basename } from 'node:path';
import { z } from 'zod';
import { type Manifest, RunState } from '../../core/run/manifest.ts';
import type { AblationPlan } from './plan.ts';
import { settingsWords } from './settings.ts';
import { Answers, sharingOf } from './sharing.ts';

const AblationRun = z.object({
  variant: z.string(),
  seed: z.number(),
  /** The run's folder below the ablation's. */
  folder: z.string(),
  /** What it has other than the configuration that all begin from, as `key: value`. */
  changes: z.string(),
  state: RunState,
  message: z.string().nullable(),
  passages: z.number(),
  accepted: z.number(),
  /** What it asked for, and what another run had asked already, with what that cost there. */
  paid: Answers,
  shared: Answers,
});
export type AblationRun = z.infer<typeof AblationRun>;

/** ablation.json: which runs an ablation has, and what they share; compare.json beside it has the comparison. */
export const Ablation = z.object({
  schema_version: z.literal(1),
  kind: z.literal('ablation'),
  offline: z.boolean(),
  /** Whether every run is there, so that they are compared. */
  complete: z.boolean(),
  /** What decides over rows where a variant says nothing else. */
  common: z.object({ gate: z.string(), judge_prompt: z.string(), repair: z.number() }),
  runs: z.array(AblationRun),
  skipped: z.array(z.object({ name: z.string(), why: z.string() })),
});
export type Ablation = z.infer<typeof Ablation>;

/**
 * What an ablation has come to.
 * @param manifests of the plan's runs, in its order; of fewer where it was stopped
 */
export async function ablationOf(
  { runs, skipped, common }: AblationPlan,
  manifests: readonly Manifest[],
  offline: boolean,
): Promise<Ablation> {
  const done: AblationRun[] = [];
  for (const [index, manifest] of manifests.entries()) {
    const run = runs[index];
    if (run === undefined) continue;
    const { state, message, funnel } = manifest;
    done.push({
      variant: run.variant.name,
      seed: run.seed,
      folder: basename(run.folder),
      changes: settingsWords(run.variant.changes),
      state,
      message,
      passages: funnel.passages,
      accepted: funnel.accepted,
      ...(await sharingOf(run.folder)),
    });
  }
  const complete = done.length === runs.length && done.every(isOver);
  return { schema_version: 1, kind: 'ablation', offline, complete, common, runs: done, skipped };
}

/** Passages that found no server are left out of a comparison; a run that was stopped is not compared. */
function isOver({ state, message }: AblationRun): boolean {
  return state === 'finished' || (state === 'stopped' && /got no answer/.test(message ?? ''));
}
