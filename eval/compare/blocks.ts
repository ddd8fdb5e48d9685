import { OFFLINE_NOTICE } from '../run-report/words.ts';
import type { Block, Extent } from './block.ts';
import type { Comparison } from './comparison.ts';
import { pairBlocks } from './pair-blocks.ts';
import { runBlocks } from './run-blocks.ts';

/** A comparison, piece by piece; what the offline teacher made comes last, under its banner. */
export function comparisonBlocks(comparison: Comparison, extent: Extent): Block[] {
  const { runs, pairs, notes } = comparison;
  const real = runs.filter(({ offline }) => !offline);
  const offline = runs.filter((run) => run.offline);
  const offlinePairs = pairs.filter((pair) => pair.offline);
  const isOffline = offline.length + offlinePairs.length > 0;
  return [
    { kind: 'title', level: 1, text: titleOf(comparison) },
    ...(notes.length === 0 ? [] : [{ kind: 'list' as const, items: notes }]),
    ...(pairs.length === 0 ? [] : [{ kind: 'text' as const, text: howToRead(comparison) }]),
    ...runBlocks(real),
    ...pairs.filter((pair) => !pair.offline).flatMap((pair) => pairBlocks(pair, extent)),
    ...(isOffline ? [{ kind: 'banner' as const, text: OFFLINE_NOTICE }] : []),
    ...runBlocks(offline),
    ...offlinePairs.flatMap((pair) => pairBlocks(pair, extent)),
  ];
}

function titleOf({ methods }: Comparison): string {
  return `Comparison of ${methods.map(({ name }) => name).join(', ')}`;
}

function howToRead({ replicates, seed }: Comparison): string {
  return `Differences are B less A on the same passages, with 95% intervals: paired bootstrap by passage (expanded percentile, ${replicates.toLocaleString('en-US')} draws, seed ${seed}); for figures of whole sets, which drawing twice would spoil, a jackknife over 20 groups of passages. "Within noise": the interval holds 0, or fewer than six passages differ. "Could show": the least true difference that so many passages show in 8 of 10 cases.`;
}
