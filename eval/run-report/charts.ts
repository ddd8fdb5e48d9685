import { axisX, axisY, gridY, type Markish, rect, ruleX, ruleY, text } from '@observablehq/plot';
import type { PaperFigure } from '../../core/stats/paper-figures.ts';
import { drawing } from './drawing.ts';
import type { Markup } from './markup.ts';
import type { Distribution } from './run-report.ts';
import { compact, count, counted, DISTRIBUTION_TITLES, decimal } from './words.ts';

const SIZE = { width: 340, height: 168 };
const MARGINS = { marginTop: 40, marginRight: 8, marginBottom: 24, marginLeft: 34 };

/**
 * A histogram as SVG with the mean marked and, where there is one, the paper's; its figures are its text alternative.
 * @param reach the axis goes at least so far, for charts beside each other
 */
export function histogramChart(
  distribution: Distribution,
  paper: PaperFigure | undefined,
  reach = 0,
): Markup {
  const { name, mean } = distribution;
  const bins = binsOf(distribution);
  const domain = domainOf(distribution, paper, reach);
  const highest = Math.max(1, ...bins.map(({ rows }) => rows));
  const place = { x1: 'from', x2: 'to', y1: 0, y2: 'rows', title: 'label', inset: 0.5 };
  const ink = { ...place, insetBottom: 0, insetTop: 0, fill: 'var(--column)' };
  return drawing(
    {
      ...SIZE,
      ...MARGINS,
      x: { domain },
      y: { domain: [0, highest], axis: null },
      marks: [
        gridY({ ticks: 3, stroke: 'var(--line)', strokeOpacity: 1 }),
        axisY({ ...AXIS, ticks: 3, tickFormat: wholeOnly }),
        rect(
          bins.filter(({ isOpen }) => !isOpen),
          ink,
        ),
        rect(
          bins.filter(({ isOpen }) => isOpen),
          { ...ink, fillOpacity: 0.45 },
        ),
        ruleY([0], { stroke: 'var(--dim)' }),
        axisX({ ...AXIS, ticks: 6, tickFormat: count }),
        ...(paper === undefined ? [] : meanMark(paper.mean, `paper ${paper.mean}`, domain, PAPER)),
        ...meanMark(mean, `mean ${decimal(mean)}`, domain, OWN),
      ],
    },
    { kind: 'histogram', alt: altText(name, distribution, paper) },
  );
}

const AXIS = { tickSize: 0, label: null, fill: 'var(--dim)' };

/** There is no half of a trajectory. */
function wholeOnly(rows: number): string {
  return Number.isInteger(rows) ? compact(rows) : '';
}

/** Where the last bin of a histogram ends. */
export function reachOf({ histogram }: Distribution): number {
  const last = histogram.at(-1);
  return last === undefined ? 1 : (last.to ?? last.from + widthOf(histogram));
}

function widthOf([first]: Distribution['histogram']): number {
  return first === undefined || first.to === null ? 1 : first.to - first.from;
}

interface Bin {
  from: number;
  to: number;
  rows: number;
  label: string;
  /** Whether it holds all that is longer, too. */
  isOpen: boolean;
}

/** Whole numbers are counted: a bin reaches half a step to each side, so that a lone number's bar stands over its tick. */
function binsOf({ histogram }: Distribution): Bin[] {
  const width = widthOf(histogram);
  return histogram.map(({ from, to, count: rows }) => {
    const name =
      to === null ? `${from} or more` : to - from === 1 ? `${from}` : `${from} to ${to - 1}`;
    return {
      from: from - 0.5,
      to: (to ?? from + width) - 0.5,
      rows,
      label: `${name}: ${counted(rows, 'trajectory', 'trajectories')}`,
      isOpen: to === null,
    };
  });
}

type Domain = [low: number, high: number];

/** At least six wide, so that ticks are whole numbers. */
function domainOf(
  distribution: Distribution,
  paper: PaperFigure | undefined,
  reach: number,
): Domain {
  const marked = paper === undefined ? 0 : Math.ceil(paper.mean) + 1;
  const high = Math.max(reachOf(distribution), reach, marked) + 0.5;
  const least = Math.min(distribution.histogram[0]?.from ?? 0, paper?.mean ?? Infinity);
  // From zero, unless that left most of the picture empty.
  const low = least > 0.6 * high ? Math.floor(least) - 1 : -0.5;
  return [low, Math.max(high, low + 6)];
}

/** Each mean's line and label: how far above the columns, and in which ink. */
const OWN = { above: 8, className: 'mean', stroke: 'var(--ink)', strokeDasharray: 'none' };
const PAPER = {
  above: 24,
  className: 'paper',
  stroke: 'var(--paper-mark)',
  strokeDasharray: '4 3',
};

/** A line from the axis up to its label, which stays inside of the picture. */
function meanMark(
  at: number,
  label: string,
  [low, high]: Domain,
  { above, className, stroke, strokeDasharray }: typeof OWN,
): Markish[] {
  const share = (at - low) / (high - low);
  const textAnchor = share < 0.18 ? 'start' : share > 0.82 ? 'end' : 'middle';
  const line = { className, stroke, strokeDasharray, strokeWidth: 1.5, insetTop: -above };
  return [
    ruleX([at], line),
    text([label], {
      className,
      x: [at],
      text: [label],
      frameAnchor: 'top',
      lineAnchor: 'bottom',
      dy: -above - 3,
      textAnchor,
      fill: stroke,
      fontWeight: 600,
    }),
  ];
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
