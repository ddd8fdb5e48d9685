import { z } from 'zod';

/**
 * The stations of a run: passages first, then the candidates made of them, then what was turned down where. `fallback`
 * counts the passages that went through the pipeline after the synthesizer had failed on them. The last four count
 * some of the candidates once more: those whose judge gave no readable verdict (they are rejected_judge too), those
 * that were turned down and mended at least once, those of these that were accepted, and those that the fallback made
 * and that passed (accepted or surplus).
 */
export const FunnelKey = z.enum([
  'passages',
  'filtered_not_multi_step',
  'filtered_domain',
  'multi_step',
  'workflows',
  'generated',
  'refined',
  'synthesized',
  'fallback',
  'check_passed',
  'judge_passed',
  'accepted',
  'surplus',
  'rejected_filter',
  'rejected_extract',
  'rejected_generate',
  'rejected_refine',
  'rejected_synthesize',
  'rejected_check',
  'rejected_selection',
  'rejected_judge',
  'unscored',
  'repair_tried',
  'repaired',
  'fallback_passed',
]);
export type FunnelKey = z.infer<typeof FunnelKey>;

/** How many came how far; a run of an earlier version lacks the stations that came later. */
export const Funnel = z.partialRecord(FunnelKey, z.number().int()).transform(withAllKeys);
export type Funnel = z.infer<typeof Funnel>;

/** What one passage adds to the funnel; stations that it did not pass are left out. */
export const FunnelCounts = z.partialRecord(FunnelKey, z.number().int());
export type FunnelCounts = z.infer<typeof FunnelCounts>;

export function emptyFunnel(): Funnel {
  return withAllKeys({});
}

/** Adds counts to a funnel in place. */
export function addToFunnel(funnel: Funnel, counts: FunnelCounts): void {
  for (const key of FunnelKey.options) funnel[key] += counts[key] ?? 0;
}

function withAllKeys(counts: FunnelCounts): Record<FunnelKey, number> {
  const entries = FunnelKey.options.map((key) => [key, counts[key] ?? 0]);
  // Object.fromEntries forgets that every key is there.
  return Object.fromEntries(entries) as Record<FunnelKey, number>;
}

/** All passages and candidates that were turned down after the filter's yes, or for want of a readable answer. */
export function rejectedTotal(funnel: Funnel): number {
  return FunnelKey.options
    .filter((key) => key.startsWith('rejected_'))
    .reduce((sum, key) => sum + funnel[key], 0);
}

/** The candidates with a readable conversation: what the pipeline's last stage wrote, and a synthesizer's samples. */
export function readableTotal(funnel: Funnel, { refine }: { refine: boolean }): number {
  return funnel.synthesized + (refine ? funnel.refined : funnel.generated);
}

/** Those of them that were left when the best of each passage's samples was chosen. */
export function chosenTotal(funnel: Funnel, ablation: { refine: boolean; check: boolean }): number {
  const before = ablation.check ? funnel.check_passed : readableTotal(funnel, ablation);
  return before - funnel.rejected_selection;
}
