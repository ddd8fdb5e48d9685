import { barX } from '@observablehq/plot';
import { drawing } from './drawing.ts';
import { html, type Markup } from './markup.ts';
import { count, share, words } from './words.ts';

/** What a bar stands for: a count, a station of the funnel, what was turned down, or what was only asked for. */
type BarKind = 'count' | 'station' | 'bad' | 'outline';

const INKS: Record<BarKind, { fill: string; fillOpacity?: number; stroke?: string }> = {
  count: { fill: 'var(--column)' },
  station: { fill: 'var(--station)' },
  bad: { fill: 'var(--bad)', fillOpacity: 0.75 },
  outline: { fill: 'none', stroke: 'var(--column)' },
};

/**
 * A bar of a list, an ornament beside its figure: its length is a share of the longest.
 * @param gone what fell away before, as a pale part behind the bar's end
 */
export function bar(value: number, longest: number, kind: BarKind = 'count', gone = 0): Markup {
  const [end, whole] = [permilleOf(value, longest), permilleOf(value + gone, longest)];
  const key = `${kind} ${end} ${whole}`;
  const known = DRAWN.get(key);
  if (known !== undefined) return known;
  const drawn = drawBar(end, whole, kind);
  DRAWN.set(key, drawn);
  return drawn;
}

/** Names with bars, the count and the share of a whole beside each. */
export function barList(items: { name: string; count: number }[], whole: number): Markup {
  const longest = Math.max(0, ...items.map((item) => item.count));
  const rows = items.map(
    (item) =>
      html`<li><span class="name">${words(item.name)}</span>${bar(item.count, longest)}<span class="figure">${count(item.count)} <small>${share(item.count, whole)}</small></span></li>`,
  );
  return html`<ul class="bars">${rows}</ul>`;
}

/** Most bars of a page are alike; a few milliseconds each are worth keeping. */
const DRAWN = new Map<string, Markup>();

const FULL = 1000;

/** Nothing has no bar, and the least has one that can be seen. */
function permilleOf(value: number, longest: number): number {
  if (value <= 0 || longest <= 0) return 0;
  return Math.min(FULL, Math.max(4, Math.round((FULL * value) / longest)));
}

function drawBar(end: number, whole: number, kind: BarKind): Markup {
  const pale = { fill: 'var(--bad)', fillOpacity: 0.25 };
  const spans = [
    ...(end > 0 ? [barX([end], { x1: 0, x2: [end], ...INKS[kind] })] : []),
    ...(whole > end ? [barX([whole], { x1: end, x2: [whole], ...pale })] : []),
  ];
  return drawing(
    {
      width: FULL,
      height: 10,
      margin: 0,
      axis: null,
      x: { domain: [0, FULL] },
      marks: spans,
    },
    { kind: 'track', alt: null, isStretched: true },
  );
}
