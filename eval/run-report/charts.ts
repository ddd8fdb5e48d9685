import type { PaperFigure } from '../../core/stats/paper-figures.ts';
import { html, type Markup } from './markup.ts';
import type { Distribution } from './run-report.ts';
import { count, counted, DISTRIBUTION_TITLES, decimal, share, words } from './words.ts';

/** A bar of a list: its length is a share of the longest. */
export function bar(value: number, longest: number, kind = ''): Markup {
  const width = longest === 0 ? 0 : (100 * value) / longest;
  return html`<span class="track" aria-hidden="true">${value === 0 ? null : html`<span class="bar${kind === '' ? '' : ` ${kind}`}" style="width:${width.toFixed(2)}%"></span>`}</span>`;
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

const WIDTH = 340;
const HEIGHT = 168;
const LEFT = 8;
const RIGHT = 8;
const TOP = 40;
const BOTTOM = 24;

/** A histogram as SVG with the mean marked and, where there is one, the paper's; its figures are its text alternative. */
export function histogramChart(distribution: Distribution, paper: PaperFigure | undefined): Markup {
  const { histogram, name, mean } = distribution;
  const scale = scaleOf(distribution, paper);
  const highest = Math.max(1, ...histogram.map((bin) => bin.count));
  const height = (value: number) => ((HEIGHT - TOP - BOTTOM) * value) / highest;
  const base = HEIGHT - BOTTOM;
  const bars = histogram.map(({ from, to, count: rows }) => {
    const [x, end] = [scale.x(from), scale.x(to ?? from + scale.binWidth)];
    const label =
      to === null ? `${from} or more` : to - from === 1 ? `${from}` : `${from} to ${to - 1}`;
    return html`<rect${to === null ? html` class="open"` : null} x="${(x + 0.5).toFixed(1)}" y="${(base - height(rows)).toFixed(1)}" width="${Math.max(0.5, end - x - 1).toFixed(1)}" height="${height(rows).toFixed(1)}"><title>${label}: ${counted(rows, 'trajectory', 'trajectories')}</title></rect>`;
  });
  const marks = [
    paper === undefined
      ? null
      : mark(scale.x(paper.mean + 0.5), 12, `paper ${paper.mean}`, 'paper'),
    mark(scale.x(mean + 0.5), paper === undefined ? 26 : 28, `mean ${decimal(mean)}`, 'mean'),
  ];
  return html`<svg class="histogram" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${altText(name, distribution, paper)}">
<g class="columns">${bars}</g>
<line class="axis" x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${base}" y2="${base}"/>
<g class="ticks">${scale.ticks.map((tick) => html`<text x="${scale.x(tick + scale.tickShift).toFixed(1)}" y="${HEIGHT - 8}">${count(tick)}</text>`)}</g>
${marks}</svg>`;
}

/** A line from the axis up to its label, which stays inside of the picture. */
function mark(x: number, y: number, label: string, kind: string): Markup {
  const anchor = x < 60 ? 'start' : x > WIDTH - 60 ? 'end' : 'middle';
  return html`<g class="${kind}"><line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${y + 4}" y2="${HEIGHT - BOTTOM}"/><text x="${x.toFixed(1)}" y="${y}" text-anchor="${anchor}">${label}</text></g>`;
}

interface Scale {
  x: (value: number) => number;
  binWidth: number;
  ticks: number[];
  /** Where values are bars of their own, a tick stands in the middle of its bar. */
  tickShift: number;
}

function scaleOf({ histogram }: Distribution, paper: PaperFigure | undefined): Scale {
  const first = histogram[0];
  const binWidth = first === undefined || first.to === null ? 1 : first.to - first.from;
  const last = histogram.at(-1);
  const to = last === undefined ? 1 : (last.to ?? last.from + binWidth);
  const marked = paper === undefined ? 0 : Math.ceil(paper.mean) + 2;
  const high = Math.max(to + 1, marked, 6);
  // From zero, unless that left most of the picture empty.
  const from = Math.min(
    first?.from ?? 0,
    paper === undefined ? Infinity : Math.floor(paper.mean) - 1,
  );
  const low = from > 0.6 * high ? from : 0;
  const x = (value: number) => LEFT + ((WIDTH - LEFT - RIGHT) * (value - low)) / (high - low);
  const step =
    [1, 2, 5, 10, 20, 50]
      .map((nice) => nice * 10 ** Math.max(0, Math.floor(Math.log10((high - low) / 40))))
      .find((nice) => (high - low) / nice <= 8) ?? (high - low) / 5;
  const start = Math.ceil(low / step) * step;
  const tickShift = binWidth === 1 ? 0.5 : 0;
  const ticks = Array.from(
    { length: Math.floor((high - start - tickShift) / step) + 1 },
    (_, index) => start + index * step,
  );
  return { x, binWidth, ticks, tickShift };
}

function altText(
  name: Distribution['name'],
  { count: rows, mean, median, p5, p95, min, max }: Distribution,
  paper: PaperFigure | undefined,
): string {
  const figures = `mean ${decimal(mean)}, median ${decimal(median)}, 90% between ${decimal(p5)} and ${decimal(p95)}, from ${count(min)} to ${count(max)}`;
  const published = paper === undefined ? '' : `; the paper's mean is ${paper.mean}`;
  return `${DISTRIBUTION_TITLES[name]} of ${counted(rows, 'accepted trajectory', 'accepted trajectories')}: ${figures}${published}`;
}
