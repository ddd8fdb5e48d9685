import type { Block, Extent } from '../../compare/block.ts';
import { blockMarkup, lengthCharts } from '../../compare/block-markup.ts';
import { comparisonBlocks } from '../../compare/blocks.ts';
import type { Comparison } from '../../compare/comparison.ts';
import { html } from '../markup.ts';
import type { ExperimentReport } from './experiment-report.ts';
import { intervalCharts } from './interval-charts.ts';
import type { ExperimentPart } from './part.ts';

/** Each comparison: the runs on the passages that they share, every difference with its interval. */
export function comparisonPart({ comparisons, runs }: ExperimentReport): ExperimentPart[] {
  return comparisons.map(({ comparison, place }, index) => {
    const number = comparisons.length === 1 ? '' : ` ${index + 1}`;
    const shown = withoutStrangers(comparison);
    const known = new Set(runs.map(({ name }) => name));
    // Runs that are in the report show their lengths there.
    const others = shown.runs.filter(({ name }) => !known.has(name));
    return {
      id: `comparison${index === 0 ? '' : `-${index + 1}`}`,
      title: `Comparison${number}`,
      blocks: blocksOf(shown, place, { all: false }),
      page: html`${blocksOf(shown, place, { all: true, fold: true }).map(blockMarkup)}${intervalCharts(shown)}${others.length === 0 ? null : lengthCharts({ runs: others })}`,
      isDrawn: true,
    };
  });
}

function blocksOf(comparison: Comparison, place: string | null, extent: Extent): Block[] {
  const [title, ...blocks] = comparisonBlocks(comparison, extent);
  const names = title?.kind === 'title' ? title.text : '';
  return [
    { kind: 'text', text: `${names}${place === null ? '' : `, of the folder ${place}`}.` },
    ...blocks,
  ];
}

/** Runs of an experiment need not be over the same passages: pairs that share none are a line. */
function withoutStrangers(comparison: Comparison): Comparison {
  const strangers = comparison.pairs.filter(({ passages }) => passages.shared === 0);
  if (strangers.length === 0) return comparison;
  const names = strangers.map(({ a, b }) => `${a} and ${b}`).join('; ');
  return {
    ...comparison,
    pairs: comparison.pairs.filter(({ passages }) => passages.shared > 0),
    notes: [...comparison.notes, `Not compared, since they share no passage: ${names}.`],
  };
}
