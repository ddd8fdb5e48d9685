import type { Comparison, Difference, Pair } from '../../compare/comparison.ts';
import { interval, signed, verdictWords } from '../../compare/figures.ts';
import { type Interval, intervalsChart } from '../intervals.ts';
import { html, type Markup } from '../markup.ts';
import { counted } from '../words.ts';

/** The intervals of each pair's differences at equal passages as charts, shares apart from the rest; the tables have the figures. */
export function intervalCharts({ pairs }: Pick<Comparison, 'pairs'>): Markup | null {
  const drawn = pairs.flatMap((pair) => {
    const charts = pairCharts(pair);
    return charts.length === 0 ? [] : [{ pair, page: html`<div class="charts">${charts}</div>` }];
  });
  if (drawn.length === 0) return null;
  const isFolded = pairs.length > OPEN_PAIRS;
  return html`<h3>Differences at equal passages</h3>
<p class="hint">B less A with the 95% interval. Filled: beyond noise. What does not differ on any passage is left out.</p>
${drawn.map(({ pair, page }) => (isFolded ? html`<details class="more"><summary>${namesOf(pair)}</summary>${page}</details>` : page))}`;
}

/** Charts of more pairs than these are opened one by one. */
const OPEN_PAIRS = 3;

const namesOf = ({ a, b }: Pair): string => `A: ${a}, B: ${b}`;

function pairCharts(pair: Pair): Markup[] {
  const [view] = pair.views;
  return SCALES.flatMap(({ title, unit, place }) => {
    const drawn = (view?.differences ?? []).flatMap((one) => {
      const found = isTold(one) ? place(one) : undefined;
      return found === undefined ? [] : [{ one, found }];
    });
    if (drawn.length === 0) return [];
    const names = namesOf(pair);
    const alt = `${title}, ${names}, ${counted(drawn.length, 'interval')}: ${drawn.map(({ one }) => inWords(one)).join('; ')}`;
    const caption = html`${title}<br><small>${names}${pair.offline ? ' (offline teacher: no measure of quality)' : ''}</small>`;
    const intervals = drawn.map(({ found }) => found);
    return [
      html`<figure><figcaption>${caption}</figcaption>${intervalsChart(intervals, unit, alt)}</figure>`,
    ];
  });
}

interface Scale {
  title: string;
  unit: string;
  /** Where a difference lies on this scale; undefined where it belongs to another or has no place. */
  place: (one: Difference) => Interval | undefined;
}

/** Measures of one kind share an axis: shares in points, all else in relation to A. */
const SCALES: Scale[] = [
  {
    title: 'Shares',
    unit: 'percentage points',
    place: (one) => (one.unit === 'share' ? scaled(one, 100) : undefined),
  },
  {
    title: 'Other measures',
    unit: '% of A',
    place: (one) =>
      one.unit === 'share' || one.a === null || one.a <= 0 ? undefined : scaled(one, 100 / one.a),
  },
];

function scaled(
  { title, difference, low, high, verdict }: Difference,
  factor: number,
): Interval | undefined {
  if (difference === null || low === null || high === null) return undefined;
  return {
    name: title,
    value: difference * factor,
    low: low * factor,
    high: high * factor,
    isFound: verdict !== 'within_noise',
  };
}

/** Of the many codes, patterns and stations only what is told apart, as in the tables. */
function isTold({ group, verdict }: Difference): boolean {
  if (verdict === 'higher' || verdict === 'lower') return true;
  return verdict === 'within_noise' && !['findings', 'patterns', 'funnel'].includes(group);
}

function inWords(one: Difference): string {
  return `${one.title} ${signed(one.difference, one.unit)} (${interval(one)}), ${verdictWords(one)}`;
}
