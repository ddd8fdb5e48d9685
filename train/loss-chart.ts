import type { LossPoint } from './loss-record.ts';

const SIZE = { width: 720, height: 360 };
const MARGIN = { left: 64, right: 20, top: 40, bottom: 44 };

interface Curve {
  name: string;
  colour: string;
  points: { step: number; value: number }[];
}

/** The loss over the steps as a picture (SVG), for browsers and papers; the title is shown above it. */
export function lossChart(points: readonly LossPoint[], title: string): string {
  const curves = [
    curve('training', '#1f6fb2', points, ({ loss }) => loss),
    curve('validation', '#c4581b', points, ({ eval_loss }) => eval_loss),
  ].filter((one) => one.points.length > 0);
  const all = curves.flatMap((one) => one.points);
  const lastStep = Math.max(1, ...all.map(({ step }) => step));
  const ticks = niceTicks(Math.max(0, ...all.map(({ value }) => value)));
  const top = ticks.at(-1) ?? 1;
  const x = (step: number) =>
    MARGIN.left + (step / lastStep) * (SIZE.width - MARGIN.left - MARGIN.right);
  const y = (value: number) =>
    SIZE.height - MARGIN.bottom - (value / top) * (SIZE.height - MARGIN.top - MARGIN.bottom);
  const parts = [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${SIZE.width} ${SIZE.height}" role="img" font-family="sans-serif" font-size="12">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="${SIZE.width}" height="${SIZE.height}" fill="white"/>`,
    text(MARGIN.left, 22, title, 'font-weight="bold"'),
    ...ticks.flatMap((value) => [
      `<line x1="${MARGIN.left}" x2="${SIZE.width - MARGIN.right}" y1="${rounded(y(value))}" y2="${rounded(y(value))}" stroke="#ddd"/>`,
      text(MARGIN.left - 8, y(value) + 4, String(value), 'text-anchor="end"'),
    ]),
    ...stepTicks(lastStep).map((step) =>
      text(x(step), SIZE.height - MARGIN.bottom + 18, String(step), 'text-anchor="middle"'),
    ),
    text(SIZE.width / 2, SIZE.height - 8, 'step', 'text-anchor="middle"'),
    ...curves.flatMap((one, index) => drawn(one, index, x, y)),
    '</svg>',
  ];
  return `${parts.join('\n')}\n`;
}

function curve(
  name: string,
  colour: string,
  points: readonly LossPoint[],
  read: (point: LossPoint) => number | null,
): Curve {
  const known = points.flatMap((point) => {
    const value = read(point);
    return value === null || !Number.isFinite(value) ? [] : [{ step: point.step, value }];
  });
  return { name, colour, points: known };
}

function drawn(
  { name, colour, points }: Curve,
  index: number,
  x: (step: number) => number,
  y: (value: number) => number,
): string[] {
  const path = points.map(({ step, value }) => `${rounded(x(step))},${rounded(y(value))}`);
  const dots = points.length > 60 ? [] : path;
  return [
    `<polyline points="${path.join(' ')}" fill="none" stroke="${colour}" stroke-width="1.5"/>`,
    ...dots.map((at) => {
      const [cx, cy] = at.split(',');
      return `<circle cx="${cx}" cy="${cy}" r="2" fill="${colour}"/>`;
    }),
    text(SIZE.width - MARGIN.right - 90 * (1 - index) - 90, 22, name, `fill="${colour}"`),
  ];
}

/** From 0, in steps of 1, 2 or 5 times a power of ten, to just above the highest value. */
function niceTicks(highest: number): number[] {
  const rough = (highest > 0 ? highest : 1) / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) * power;
  const count = Math.ceil((highest > 0 ? highest : 1) / step);
  return Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
}

function stepTicks(lastStep: number): number[] {
  const whole = niceTicks(lastStep).filter((step) => step <= lastStep && Number.isInteger(step));
  return whole.length > 1 ? whole : [0, lastStep];
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}" ${attributes}>${escaped(content)}</text>`;
}

const rounded = (value: number): number => Math.round(value * 10) / 10;

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}
