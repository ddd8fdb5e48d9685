import { OFFLINE_NOTICE } from '../run-report/words.ts';
import type { Block } from './block.ts';
import type { Preference } from './comparison.ts';
import { detectable, figure, interval, signed, verdictWords } from './figures.ts';

/** What a judge preferred, and how far it went by the place. */
export function preferenceBlocks(preference: Preference): Block[] {
  const { judge, judged, pairs, net, stopped, unreadable, offline } = preference;
  const head = ['', 'A', 'B', 'B − A', '95% interval', 'could show', 'verdict'];
  const row = [
    net.title,
    figure(net.a, net.unit),
    figure(net.b, net.unit),
    signed(net.difference, net.unit),
    interval(net),
    detectable(net),
    verdictWords(net),
  ];
  const title = `Blind preference of ${judge.model} (${judge.endpoint}, prompt version ${judge.prompt_version}): ${judged} of ${pairs} pairs judged in both orders`;
  return [
    { kind: 'title', level: 3, text: title },
    ...(offline ? [{ kind: 'banner' as const, text: OFFLINE_NOTICE }] : []),
    ...(judged === 0 ? [] : [{ kind: 'table' as const, rows: [head, row] }]),
    {
      kind: 'list',
      items: [
        ...outcomeWords(preference),
        ...(unreadable.length === 0 ? [] : [unreadableWords(unreadable)]),
        ...(stopped === null
          ? []
          : [`Stopped early: ${stopped}. The figures are of the pairs judged until then.`]),
      ],
    },
  ];
}

function outcomeWords({
  a_wins,
  b_wins,
  ties,
  inconsistent,
  first_place,
  cost,
}: Preference): string[] {
  const { part, whole, share, low, high } = first_place;
  const percent = (value: number) => figure(value, 'share');
  const bias =
    low > 0.5
      ? 'it favours the first place'
      : high < 0.5
        ? 'it favours the second place'
        : 'no bias beyond noise';
  return [
    `A wins ${a_wins}, B wins ${b_wins}, ties ${ties}, the same place twice ${inconsistent}.`,
    whole === 0
      ? 'Position bias: no answer named a winner.'
      : `Position bias: the first place won ${part} of ${whole} answers that named a winner, ${percent(share)} (${percent(low)} to ${percent(high)}): ${bias}.`,
    `Asked ${cost.requests} times, ${Math.round(cost.tokens).toLocaleString('en-US')} tokens${cost.usd === 0 ? '' : `, ${cost.usd.toFixed(2)} USD`}.`,
  ];
}

function unreadableWords(unreadable: Preference['unreadable']): string {
  const [first] = unreadable;
  return `${unreadable.length} pairs without a verdict, the first: ${first?.passage}: ${first?.reason}`;
}
