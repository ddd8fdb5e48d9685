import { chosenTotal, type FunnelKey, readableTotal } from '../../core/run/funnel.ts';
import type { Manifest } from '../../core/run/manifest.ts';
import type { RunReport } from './run-report.ts';

type Step = [key: FunnelKey, label: string, lost: [FunnelKey, string][]];

type RunFacts = Pick<Manifest, 'method' | 'funnel' | 'ablation' | 'fingerprint_parts'>;

const PASSAGES: Step = ['passages', 'passages read', []];

const MULTI_STEP: Step = [
  'multi_step',
  'multi-step, domain kept',
  [
    ['filtered_not_multi_step', 'not multi-step'],
    ['filtered_domain', 'domain dropped'],
    ['rejected_filter', 'filter answer unreadable'],
  ],
];

const PIPELINE: Step[] = [
  ['workflows', 'workflows extracted', [['rejected_extract', 'extraction unreadable']]],
  ['generated', 'trajectories generated', [['rejected_generate', 'generation unreadable']]],
  ['refined', 'refined', [['rejected_refine', 'refinement unreadable']]],
];

const SYNTHESIZED: Step = [
  'synthesized',
  'samples synthesized',
  [['rejected_synthesize', 'answer unreadable']],
];

const CHOSEN: Step = [
  'rejected_selection',
  'chosen among those of a passage',
  [['rejected_selection', 'a better sample of the passage']],
];

const CHECKED: Step = [
  'check_passed',
  'passed the checks',
  [['rejected_check', 'turned down by the checks']],
];

const JUDGED: Step[] = [
  [
    'judge_passed',
    'passed the judge',
    [
      ['rejected_judge', 'turned down by the judge'],
      ['unscored', 'unscored: no verdict that can be read'],
    ],
  ],
  ['accepted', 'accepted', [['surplus', 'surplus beyond the target']]],
];

/** The funnel's stations in order, without those that the run left out, and what fell away before each. */
export function stationsOf(manifest: RunFacts): RunReport['funnel'] {
  const { funnel, ablation } = manifest;
  const skipped: Partial<Record<FunnelKey, boolean>> = {
    refined: !ablation.refine,
    check_passed: !ablation.check,
    judge_passed: !ablation.judge,
  };
  // Those without a verdict stand apart from those that the judge turned down.
  const counts = { ...funnel, rejected_judge: funnel.rejected_judge - funnel.unscored };
  return stepsOf(manifest)
    .filter(([key]) => skipped[key] !== true)
    .map(([key, label, lost]) => ({
      key,
      label,
      count: countAt(key, manifest),
      lost: lost
        .map(([from, words]) => ({ label: words, count: counts[from] }))
        .filter(({ count }) => count > 0),
    }));
}

function stepsOf({ method, funnel, fingerprint_parts: parts }: RunFacts): Step[] {
  if (method !== 'synthesizer') return [PASSAGES, MULTI_STEP, ...PIPELINE, CHECKED, ...JUDGED];
  const isFiltered = parts.filter_first === true;
  return [
    PASSAGES,
    ...(isFiltered ? [MULTI_STEP] : []),
    SYNTHESIZED,
    ...(funnel.fallback > 0 ? [withFallback(funnel.fallback, isFiltered)] : []),
    CHECKED,
    ...(funnel.rejected_selection > 0 ? [CHOSEN] : []),
    ...JUDGED,
  ];
}

/** Beside the samples what the pipeline made of the passages that it took over. */
function withFallback(passages: number, isFiltered: boolean): Step {
  return [
    'fallback',
    `candidates, with the pipeline's of ${passages} passages taken over`,
    [...(isFiltered ? [] : MULTI_STEP[2]), ...PIPELINE.flatMap(([, , lost]) => lost)],
  ];
}

/** A station's count; two of a synthesizer's run have none of their own. */
function countAt(key: FunnelKey, { funnel, ablation }: RunFacts): number {
  if (key === 'fallback') return readableTotal(funnel, ablation);
  return key === 'rejected_selection' ? chosenTotal(funnel, ablation) : funnel[key];
}

/** What became of the candidates that were mended; null where none was. */
export function mendingOf({ funnel }: Pick<Manifest, 'funnel'>): RunReport['mending'] {
  const { repair_tried: tried, repaired: accepted } = funnel;
  return tried === 0 ? null : { tried, accepted };
}
