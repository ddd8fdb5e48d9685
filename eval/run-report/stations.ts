import type { FunnelKey } from '../../core/run/funnel.ts';
import type { Manifest } from '../../core/run/manifest.ts';
import type { RunReport } from './run-report.ts';

type Step = [key: FunnelKey, label: string, lost: [FunnelKey, string][]];

const STEPS: Step[] = [
  ['passages', 'passages read', []],
  [
    'multi_step',
    'multi-step, domain kept',
    [
      ['filtered_not_multi_step', 'not multi-step'],
      ['filtered_domain', 'domain dropped'],
      ['rejected_filter', 'filter answer unreadable'],
    ],
  ],
  ['workflows', 'workflows extracted', [['rejected_extract', 'extraction unreadable']]],
  ['generated', 'trajectories generated', [['rejected_generate', 'generation unreadable']]],
  ['refined', 'refined', [['rejected_refine', 'refinement unreadable']]],
  ['check_passed', 'passed the checks', [['rejected_check', 'turned down by the checks']]],
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
export function stationsOf({
  funnel,
  ablation,
}: Pick<Manifest, 'funnel' | 'ablation'>): RunReport['funnel'] {
  const skipped: Partial<Record<FunnelKey, boolean>> = {
    refined: !ablation.refine,
    check_passed: !ablation.check,
    judge_passed: !ablation.judge,
  };
  // Those without a verdict stand apart from those that the judge turned down.
  const counts = { ...funnel, rejected_judge: funnel.rejected_judge - funnel.unscored };
  return STEPS.filter(([key]) => skipped[key] !== true).map(([key, label, lost]) => ({
    key,
    label,
    count: funnel[key],
    lost: lost
      .map(([from, words]) => ({ label: words, count: counts[from] }))
      .filter(({ count }) => count > 0),
  }));
}

/** What became of the candidates that were mended; null where none was. */
export function mendingOf({ funnel }: Pick<Manifest, 'funnel'>): RunReport['mending'] {
  const { repair_tried: tried, repaired: accepted } = funnel;
  return tried === 0 ? null : { tried, accepted };
}
