import { OFFLINE_NOTICE } from '../run-report/words.ts';
import type { Block, Extent } from './block.ts';
import type { Comparison, Pair } from './comparison.ts';
import { pairBlocks, pairSummary } from './pair-blocks.ts';
import { runBlocks } from './run-blocks.ts';

/** A comparison, piece by piece; what the offline teacher made comes last, under its banner. */
export function comparisonBlocks(comparison: Comparison, extent: Extent): Block[] {
  const { runs, pairs, notes } = comparison;
  const real = runs.filter(({ offline }) => !offline);
  const offline = runs.filter((run) => run.offline);
  const offlinePairs = pairs.filter((pair) => pair.offline);
  const isFolded = extent.fold === true && pairs.length > OPEN_PAIRS;
  const shown = (pair: Pair): Block[] => {
    const blocks = pairBlocks(pair, extent);
    return isFolded ? [{ kind: 'fold', title: pairSummary(pair), blocks }] : blocks;
  };
  const isOffline = offline.length + offlinePairs.length > 0;
  return [
    { kind: 'title', level: 1, text: titleOf(comparison) },
    ...(notes.length === 0 ? [] : [{ kind: 'list' as const, items: notes }]),
    ...(pairs.length === 0 ? [] : [{ kind: 'text' as const, text: howToRead(comparison) }]),
    ...runBlocks(real, extent),
    ...pairs.filter((pair) => !pair.offline).flatMap(shown),
    ...(isOffline ? [{ kind: 'banner' as const, text: OFFLINE_NOTICE }] : []),
    ...runBlocks(offline, extent),
    ...offlinePairs.flatMap(shown),
  ];
}

/** More pairs than these are opened one by one. */
const OPEN_PAIRS = 3;

function titleOf({ methods }: Comparison): string {
  return `Comparison of ${methods.map(({ name }) => name).join(', ')}`;
}

function howToRead({ replicates, seed }: Comparison): string {
  return `Differences are B less A on the same passages, with 95% intervals: paired bootstrap by passage (expanded percentile, ${replicates.toLocaleString('en-US')} draws, seed ${seed}); for figures of whole sets, which drawing twice would spoil, a jackknife over 20 groups of passages. "Within noise": the interval holds 0, or fewer than six passages differ. "Could show": the least true difference that so many passages show in 8 of 10 cases.`;
}
