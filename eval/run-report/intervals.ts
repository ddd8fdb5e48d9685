import { axisX, dot, gridX, ruleX, ruleY, type ScaleOptions, text } from '@observablehq/plot';
import { drawing } from './drawing.ts';
import type { Markup } from './markup.ts';

/** A difference with its 95% interval, each in the unit of the axis. */
export interface Interval {
  name: string;
  value: number;
  low: number;
  high: number;
  /** Whether the interval shows a difference, or only noise. */
  isFound: boolean;
}

const WIDTH = 340;
const ROW = 34;
const MARGINS = { marginTop: 4, marginRight: 14, marginBottom: 40, marginLeft: 14 };

/**
 * Intervals below each other on one axis with zero marked, each below its name; filled where it shows a difference.
 * @param unit of the axis, in words
 * @param alt what the figures say, for who cannot see them
 */
export function intervalsChart(intervals: readonly Interval[], unit: string, alt: string): Markup {
  // Names may be alike, so places are told apart by number; half a step of room at both ends.
  const rows = intervals.map((one, place) => ({ ...one, place }));
  const inks = [
    { some: rows.filter(({ isFound }) => !isFound), ink: 'var(--dim)', fill: 'var(--paper)' },
    { some: rows.filter(({ isFound }) => isFound), ink: 'var(--station)', fill: 'var(--station)' },
  ];
  const { scale, ticks } = scaleOf(intervals);
  return drawing(
    {
      width: WIDTH,
      height: ROW * rows.length + MARGINS.marginTop + MARGINS.marginBottom,
      ...MARGINS,
      x: scale,
      y: { domain: [-0.7, rows.length - 0.3], axis: null, reverse: true },
      marks: [
        gridX({ ticks, stroke: 'var(--line)', strokeOpacity: 1 }),
        axisX({
          ticks,
          tickSize: 0,
          tickFormat: signed,
          label: unit,
          labelAnchor: 'center',
          labelArrow: 'none',
          fill: 'var(--dim)',
        }),
        ruleX([0], { stroke: 'var(--dim)' }),
        text(rows, {
          y: 'place',
          text: ({ name }) => shortened(name),
          frameAnchor: 'left',
          dx: 2 - MARGINS.marginLeft,
          dy: -12,
          fill: 'var(--ink)',
          stroke: 'var(--paper)',
          strokeWidth: 4,
        }),
        ...inks.flatMap(({ some, ink, fill }) => [
          ruleY(some, { y: 'place', x1: 'low', x2: 'high', stroke: ink, strokeWidth: 2 }),
          dot(some, { y: 'place', x: 'value', r: 3.4, stroke: ink, fill, title: titleOf }),
        ]),
      ],
    },
    { kind: 'intervals', alt },
  );
}

interface Axis {
  scale: ScaleOptions;
  ticks: number | number[];
}

/** Zero is on it. Where one interval would press the others together, the axis grows by powers. */
function scaleOf(intervals: readonly Interval[]): Axis {
  const low = Math.min(0, ...intervals.map((one) => one.low));
  const high = Math.max(0, ...intervals.map((one) => one.high));
  const domain = low === high ? [-1, 1] : [low, high];
  if (high - low <= WIDE) return { scale: { domain, nice: true }, ticks: 5 };
  const ticks = [...POWERS.map((one) => -one), 0, ...POWERS];
  return {
    scale: { domain, type: 'symlog', constant: WIDE / 8 },
    ticks: ticks.filter((tick) => tick >= low && tick <= high),
  };
}

const WIDE = 400;
const POWERS = [2, 3, 4, 5, 6].flatMap((power) => [10 ** power, 5 * 10 ** power]);

const MOST_LETTERS = 52;

/** A name as wide as the picture; the table has it whole. */
function shortened(name: string): string {
  return name.length > MOST_LETTERS ? `${name.slice(0, MOST_LETTERS - 1)}…` : name;
}

function titleOf({ name, value, low, high }: Interval): string {
  return `${name}: ${signed(value)}, from ${signed(low)} to ${signed(high)}`;
}

function signed(value: number): string {
  const text = Math.abs(value).toLocaleString('en-US', { maximumSignificantDigits: 3 });
  return text === '0' ? text : `${value < 0 ? '−' : '+'}${text}`;
}
