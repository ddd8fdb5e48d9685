import { axisX, axisY, dot, gridY, lineY, type Markish, text } from '@observablehq/plot';
import { drawing } from '../drawing.ts';
import type { Markup } from '../markup.ts';
import { count, decimal } from '../words.ts';
import type { LossPoint, Training } from './training.ts';

const SIZE = { width: 420, height: 230 };
const MARGINS = { marginTop: 28, marginRight: 12, marginBottom: 38, marginLeft: 44 };

/** The loss over the steps as SVG, training and validation; its figures are its text alternative. */
export function lossChart({ name, points, first, last, lowest_eval: lowest }: Training): Markup {
  const trained = curve(points, ({ loss }) => loss);
  const validated = curve(points, ({ eval_loss: loss }) => loss);
  const steps = [...trained, ...validated].map(({ step }) => step);
  const low = Math.min(...steps);
  const ticks = Math.min(6, Math.max(...steps) - low + 1);
  return drawing(
    {
      ...SIZE,
      ...MARGINS,
      // A lone step has a line of some length to stand on.
      x: { domain: [low, Math.max(...steps, low + 1)] },
      y: { zero: true, nice: true },
      marks: [
        gridY({ ticks: 5, stroke: 'var(--line)', strokeOpacity: 1 }),
        axisY({ ...AXIS, ticks: 5, tickFormat: decimal, label: null }),
        axisX({
          ...AXIS,
          ticks,
          tickFormat: stepWords,
          label: 'step',
          labelArrow: 'none',
          labelAnchor: 'center',
        }),
        ...drawn(trained, TRAINED),
        ...drawn(validated, VALIDATED),
      ],
    },
    { kind: 'curve', alt: altText(name, first, last, lowest) },
  );
}

const AXIS = { tickSize: 0, fill: 'var(--dim)' };
const TRAINED = { ink: 'var(--station)', dash: 'none', key: '— training', at: 0 };
const VALIDATED = { ink: 'var(--paper-mark)', dash: '6 3', key: '- - validation', at: 90 };

interface Place {
  step: number;
  value: number;
  label: string;
}

function curve(points: readonly LossPoint[], read: (point: LossPoint) => number | null): Place[] {
  return points.flatMap((point): Place[] => {
    const value = read(point);
    if (value === null || !Number.isFinite(value)) return [];
    return [{ step: point.step, value, label: `step ${count(point.step)}: ${value.toFixed(4)}` }];
  });
}

/** Between two whole steps there is none. */
function stepWords(step: number): string {
  return Number.isInteger(step) ? count(step) : '';
}

/** More than these would be a thick line. */
const MOST_DOTS = 60;

/** A line with its name above the picture, and with dots that tell their figures where they are few. */
function drawn(places: readonly Place[], { ink, dash, key, at }: typeof TRAINED): Markish[] {
  if (places.length === 0) return [];
  const line = { x: 'step', y: 'value', stroke: ink, strokeWidth: 1.6, strokeDasharray: dash };
  const name = { frameAnchor: 'top-left', lineAnchor: 'bottom', dx: at, dy: -12 } as const;
  return [
    lineY(places, line),
    ...(places.length > MOST_DOTS
      ? []
      : [dot(places, { x: 'step', y: 'value', r: 2.6, fill: ink, title: 'label' })]),
    text([key], { ...name, text: [key], fill: ink, fontWeight: 600 }),
  ];
}

function altText(
  name: string,
  first: LossPoint | null,
  last: LossPoint | null,
  lowest: LossPoint | null,
): string {
  const at = (value: number | null | undefined, step: number | undefined) =>
    `${value?.toFixed(3)} at step ${count(step ?? 0)}`;
  const trained =
    first === null || last === null
      ? 'no training loss'
      : `training loss from ${at(first.loss, first.step)} to ${at(last.loss, last.step)}`;
  const validated =
    lowest === null ? '' : `; lowest validation loss ${at(lowest.eval_loss, lowest.step)}`;
  return `Loss of ${name}: ${trained}${validated}`;
}
