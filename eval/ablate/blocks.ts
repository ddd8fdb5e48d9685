import { usd } from '../../synth/summary.ts';
import type { Block } from '../compare/block.ts';
import type { Comparison, Difference } from '../compare/comparison.ts';
import { figure, signed } from '../compare/figures.ts';
import { count, OFFLINE_NOTICE } from '../run-report/words.ts';
import type { Ablation, AblationRun } from './ablation.ts';
import { paperAblationBlocks } from './paper-ablation.ts';
import { sharingOfAll } from './sharing.ts';

/**
 * An ablation, piece by piece: what each variant is, what it shares, how it differs from the first, and the paper's.
 * @param comparison null where the runs are not all there
 */
export function ablationBlocks(ablation: Ablation, comparison: Comparison | null): Block[] {
  const { runs, skipped, offline } = ablation;
  const variants = new Set(runs.map(({ variant }) => variant));
  return [
    { kind: 'title', level: 1, text: `Ablation: ${[...variants].join(', ')}` },
    ...(offline ? [{ kind: 'banner' as const, text: OFFLINE_NOTICE }] : []),
    { kind: 'text', text: gateWords(ablation) },
    ...sharingBlocks(runs),
    ...(skipped.length === 0
      ? []
      : [
          {
            kind: 'list' as const,
            items: skipped.map(({ name, why }) => `${name} left out: ${why}`),
          },
        ]),
    ...(comparison === null
      ? []
      : [...differenceBlocks(runs, comparison), ...paperAblationBlocks(variants)]),
  ];
}

function gateWords({ common: { gate, judge_prompt: prompt, repair } }: Ablation): string {
  const decides = gate === 'paper' ? "the paper's rule check" : 'every error of the checks';
  const sees = prompt === 'paper' ? 'does not see' : 'sees';
  const mending = repair === 0 ? 'nothing is mended' : `mending is tried ${repair} times at most`;
  return `Unless a variant says otherwise, ${decides} and a judge that ${sees} our findings decide, and ${mending} (gate: ${gate}, judge_prompt: ${prompt}, repair: ${repair}).`;
}

/** Which runs there are, and how much of what they needed was asked once for all. */
function sharingBlocks(runs: readonly AblationRun[]): Block[] {
  const { paid, shared } = sharingOfAll(runs);
  const needed = paid.requests + shared.requests;
  const percent = needed === 0 ? 0 : (100 * shared.requests) / needed;
  const hasPrices = paid.usd + shared.usd > 0;
  const head = ['run', 'what is other', 'passages', 'accepted', 'asked', 'shared'];
  const rows = runs.map((run) => [
    run.folder,
    run.changes === '' ? '–' : run.changes,
    count(run.passages),
    count(run.accepted),
    ...[run.paid.requests, run.shared.requests, run.paid.tokens, run.shared.tokens].map(count),
    ...(hasPrices ? [usd(run.paid.usd), usd(run.shared.usd)] : []),
  ]);
  const money = (usdOf: number) => (hasPrices ? `${usd(usdOf)} USD and ` : '');
  return [
    {
      kind: 'table',
      rows: [
        [...head, 'tokens paid', 'tokens shared', ...(hasPrices ? ['USD', 'USD shared'] : [])],
        ...rows,
      ],
    },
    {
      kind: 'text',
      text: `Of ${count(needed)} answers, ${count(shared.requests)} (${percent.toFixed(0)}%) were shared and not asked for again: ${money(paid.usd)}${count(paid.tokens)} tokens were paid for, ${money(shared.usd)}${count(shared.tokens)} tokens were not.`,
    },
  ];
}

/** What is shown of the comparison, which has it all. */
const SHOWN = [
  'passed_per_passage',
  'passed_of_candidates',
  'judge_passes',
  'fails_paper_gate',
  'with_error',
  'with_error_passed',
  'grounded_arguments',
  'messages',
  'tools',
  'calls',
  'errors_recovered',
  'tokens_per_accepted',
  'usd_per_accepted',
];

function differenceBlocks(runs: readonly AblationRun[], comparison: Comparison): Block[] {
  const columns = columnsOf(runs, comparison);
  const [baseline, ...others] = columns;
  if (baseline === undefined || others.length === 0) return [];
  const rows = SHOWN.flatMap((name) => {
    const own = others.map(({ differences }) => differences.find((one) => one.name === name));
    const known = own.find((one) => one !== undefined);
    if (known === undefined) return [];
    return [[known.title, figure(known.a, known.unit), ...own.map(cellOf)]];
  });
  return [
    {
      kind: 'title',
      level: 2,
      text: `What each variant changes, against ${baseline.variant} on the same passages`,
    },
    {
      kind: 'table',
      rows: [['', baseline.variant, ...others.map(({ variant }) => variant)], ...rows],
    },
    {
      kind: 'text',
      text: `The first column has the figure of ${baseline.variant}, the others the difference from it: "within noise" where its 95% interval holds 0 or fewer than six passages differ. compare.md has every measure with its interval, and each pair at equal passages, rows and tokens.`,
    },
  ];
}

/** The variants in their order, each with its differences from the first; several seeds stand as one. */
function columnsOf(
  runs: readonly AblationRun[],
  { methods, pairs }: Comparison,
): { variant: string; differences: Difference[] }[] {
  const [first] = methods;
  return methods.map((method) => {
    const run = runs.find(({ folder }) => method.runs.includes(folder));
    const pair = pairs.find(({ a, b }) => a === first?.name && b === method.name);
    const view = pair?.views.find(({ name }) => name === 'equal_passages');
    return { variant: run?.variant ?? method.name, differences: view?.differences ?? [] };
  });
}

const WORDS: Record<Difference['verdict'], string> = {
  no_difference: 'equal',
  within_noise: 'within noise',
  higher: 'higher',
  lower: 'lower',
  too_few: 'too few passages',
};

function cellOf(difference: Difference | undefined): string {
  if (difference === undefined) return '–';
  const { verdict, difference: by, unit } = difference;
  if (verdict === 'no_difference') return WORDS[verdict];
  return `${signed(by, unit)}, ${WORDS[verdict]}`;
}
