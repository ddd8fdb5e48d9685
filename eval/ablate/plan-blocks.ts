import { usd } from '../../synth/summary.ts';
import type { Block } from '../compare/block.ts';
import { count } from '../run-report/words.ts';
import type { AblationPlan, PlannedRun } from './plan.ts';
import { settingsWords } from './settings.ts';
import type { RunEstimate } from './shared-requests.ts';

/** A planned run with its state and what it is expected to take. */
export interface RunOutlook {
  run: PlannedRun;
  /** What is there of it, in words. */
  state: string;
  estimate: RunEstimate;
}

/** What an ablation would do: its runs, what each asks, what they share, what it costs. */
export function planBlocks(
  outlooks: readonly RunOutlook[],
  { skipped }: Pick<AblationPlan, 'skipped'>,
  passages: number,
): Block[] {
  const totals = outlooks.map(outlookTotals);
  const [requests, shared, cost, spared] = (
    ['requests', 'shared', 'usd', 'sharedUsd'] as const
  ).map((key) => totals.reduce((sum, one) => sum + one[key], 0));
  return [
    { kind: 'text', text: `${count(passages)} passages, ${outlooks.length} runs:` },
    {
      kind: 'table',
      rows: [
        ['run', 'what is other', 'there', 'requests', 'of these shared', 'USD to pay'],
        ...outlooks.map(({ run, state }, index) => {
          const total = totals[index];
          return [
            run.folder,
            settingsWords(run.variant.changes) || '–',
            state,
            count(total?.requests ?? 0),
            count(total?.shared ?? 0),
            usd((total?.usd ?? 0) - (total?.sharedUsd ?? 0)),
          ];
        }),
      ],
    },
    {
      kind: 'text',
      text: `In all ${count(requests ?? 0)} requests, of which ${count(shared ?? 0)} are shared: ${usd((cost ?? 0) - (spared ?? 0))} USD in place of ${usd(cost ?? 0)}. Estimated from the paper's shares and lengths, before what is there already; \`gem-traj estimate --sample N\` measures them.`,
    },
    ...(skipped.length === 0
      ? []
      : [
          {
            kind: 'list' as const,
            items: skipped.map(({ name, why }) => `${name} left out: ${why}`),
          },
        ]),
    ...unpricedBlocks(outlooks),
  ];
}

function outlookTotals({ estimate: { stages } }: RunOutlook) {
  const sum = (figure: (stage: RunEstimate['stages'][number]) => number) =>
    stages.reduce((total, stage) => total + figure(stage), 0);
  return {
    requests: sum(({ requests }) => requests),
    shared: sum(({ shared_requests }) => shared_requests),
    usd: sum(({ cost_usd }) => cost_usd),
    sharedUsd: sum(({ shared_usd }) => shared_usd),
  };
}

function unpricedBlocks(outlooks: readonly RunOutlook[]): Block[] {
  const unpriced = outlooks.flatMap(({ run, estimate }) =>
    estimate.stages.flatMap(({ stage }) => {
      const { name, prices } = run.endpoints[stage];
      return prices === undefined ? [name] : [];
    }),
  );
  if (unpriced.length === 0) return [];
  const names = [...new Set(unpriced)].join(', ');
  return [{ kind: 'text', text: `Without prices, counted as 0: ${names}.` }];
}
