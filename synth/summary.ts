import { chosenTotal, type Funnel, readableTotal, rejectedTotal } from '../core/run/funnel.ts';
import type { Manifest } from '../core/run/manifest.ts';
import { table } from '../core/table.ts';

/** Funnel, rejections and bill, one below the other. */
export function accountLines(manifest: Manifest): string[] {
  return [...funnelLines(manifest), '', ...rejectionLines(manifest), '', ...billLines(manifest)];
}

/** The funnel's stations with their shares of the passages and of the station before, as lines. */
function funnelLines(manifest: Pick<Manifest, 'method' | 'funnel' | 'ablation'>): string[] {
  const rows: [string, number, string][] = stations(manifest).map(([name, count, before]) => [
    name,
    count,
    before === 0 ? '' : `${((100 * count) / before).toFixed(1)}%`,
  ]);
  return table([['station', 'count', 'of the one before'], ...rows]);
}

/** Each with the count that its share is of: the station before. */
function stations({
  method,
  funnel,
  ablation,
}: Pick<Manifest, 'method' | 'funnel' | 'ablation'>): [string, number, number][] {
  const list: [string, number][] = [['passages', funnel.passages]];
  if (method === 'pipeline') {
    list.push(['multi-step, domain kept', funnel.multi_step]);
    list.push(['workflows extracted', funnel.workflows]);
    list.push(['trajectories generated', funnel.generated]);
    if (ablation.refine) list.push(['refined', funnel.refined]);
  } else {
    const made = funnel.fallback === 0 ? 'trajectories synthesized' : 'synthesized or generated';
    list.push([made, readableTotal(funnel, ablation)]);
  }
  if (ablation.check) list.push(['passed the checks', funnel.check_passed]);
  if (funnel.rejected_selection > 0)
    list.push(['chosen among those of a passage', chosenTotal(funnel, ablation)]);
  if (ablation.judge) list.push(['passed the judge', funnel.judge_passed]);
  list.push(['accepted', funnel.accepted]);
  return list.map(([name, count], index) => [
    name,
    count,
    index === 0 ? 0 : (list[index - 1]?.[1] ?? 0),
  ]);
}

/** What was turned down where, as lines. */
function rejectionLines({
  funnel,
  failed_passages: failed,
}: Pick<Manifest, 'funnel' | 'failed_passages'>): string[] {
  const rows: [string, number][] = [
    ['not multi-step', funnel.filtered_not_multi_step],
    ['domain dropped', funnel.filtered_domain],
    ['filter answer unreadable', funnel.rejected_filter],
    ['extraction unreadable', funnel.rejected_extract],
    ['generation unreadable', funnel.rejected_generate],
    ['refinement unreadable', funnel.rejected_refine],
    ['synthesis unreadable', funnel.rejected_synthesize],
    ['checks', funnel.rejected_check],
    ['a better candidate of the passage', funnel.rejected_selection],
    ['judge', funnel.rejected_judge],
    ['  of these without a readable verdict (unscored)', funnel.unscored],
    ['surplus beyond the target', funnel.surplus],
    ['no answer from the server (tried again next time)', failed],
  ];
  const happened = rows.filter(([, count]) => count > 0);
  const lines =
    happened.length === 0
      ? ['nothing was turned down']
      : table([['turned down by', 'count'], ...happened]);
  return [...lines, ...repairLines(funnel), ...fallbackLines(funnel)];
}

function fallbackLines({ fallback, fallback_passed: passed }: Funnel): string[] {
  if (fallback === 0) return [];
  return [`the pipeline took over ${fallback} passages; ${passed} trajectories of it passed`];
}

function repairLines({ repair_tried: tried, repaired }: Funnel): string[] {
  if (tried === 0) return [];
  return [`mending was tried on ${tried}; ${repaired} of these were accepted after it`];
}

/** Tokens and money by stage, as lines. */
export function billLines(manifest: Manifest): string[] {
  const { bills, total, unaccounted_usd, funnel } = manifest;
  const digits = Math.max(...[total, ...bills.map(({ bill }) => bill)].map(usdDigits));
  const rows = bills.map(({ stage, endpoint, bill }) => billRow(stage, endpoint, bill, digits));
  const lines = table([
    ['stage', 'endpoint', 'requests', 'reused', 'prompt', 'cached', 'completion', 'USD', 'seconds'],
    ...rows,
    billRow('total', '', total, digits),
  ]);
  if (funnel.accepted > 0) {
    const tokens = Math.round((total.prompt_tokens + total.completion_tokens) / funnel.accepted);
    lines.push(
      `per accepted trajectory: ${tokens.toLocaleString('en-US')} tokens, ${usd(total.cost_usd / funnel.accepted)} USD`,
    );
  }
  lines.push(...methodLines(manifest));
  if (unaccounted_usd > 0.000_05)
    lines.push(
      `counted as spent beside this, for requests without an answer: ${usd(unaccounted_usd)} USD`,
    );
  return lines;
}

/** Where the pipeline took passages over: what each method's own stages cost, and what both share. */
function methodLines({ bills, total, funnel, fingerprint_parts: parts }: Manifest): string[] {
  if (funnel.fallback === 0 || total.requests === 0) return [];
  const shared = ['judge', 'repair', ...(parts.filter_first === true ? ['filter'] : [])];
  const lineOf = (name: string, isOf: (stage: string) => boolean) => {
    const own = bills.filter(({ stage }) => isOf(stage)).map(({ bill }) => bill);
    const tokens = own.reduce((sum, one) => sum + one.prompt_tokens + one.completion_tokens, 0);
    const cost = own.reduce((sum, one) => sum + one.cost_usd, 0);
    return `${name}: ${tokens.toLocaleString('en-US')} tokens, ${usd(cost)} USD`;
  };
  const passed = funnel.accepted + funnel.surplus - funnel.fallback_passed;
  return [
    lineOf(`synthesizer (${passed} passed)`, (stage) => stage === 'synthesize'),
    lineOf(
      `pipeline (${funnel.fallback_passed} passed)`,
      (stage) => stage !== 'synthesize' && !shared.includes(stage),
    ),
    lineOf(`${shared.join(', ')} for both`, (stage) => shared.includes(stage)),
  ];
}

function billRow(
  stage: string,
  endpoint: string,
  bill: Manifest['total'],
  digits: number,
): (string | number)[] {
  return [
    stage,
    endpoint,
    bill.requests,
    bill.reused,
    bill.prompt_tokens,
    bill.cached_tokens,
    bill.completion_tokens,
    bill.cost_usd.toFixed(digits),
    Math.round(bill.seconds),
  ];
}

export function usd(amount: number): string {
  return amount.toFixed(usdDigits({ cost_usd: amount }));
}

function usdDigits({ cost_usd: amount }: { cost_usd: number }): number {
  return amount !== 0 && amount < 0.01 ? 6 : 4;
}

/** All in one line: for the end of a run and for `status`; a run whose process is gone is `killed`. */
export function headline({
  name,
  state,
  message,
  funnel,
}: Omit<Manifest, 'state'> & { state: string }): string {
  const why = message === null ? '' : ` (${message.replaceAll(/\s*\n\s*/g, '; ')})`;
  return `${name}: ${state}${why}; ${funnel.accepted} accepted, ${rejectedTotal(funnel)} rejected, of ${funnel.passages} passages`;
}
