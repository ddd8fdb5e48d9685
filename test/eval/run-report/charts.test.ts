import { text } from '@observablehq/plot';
import { describe, expect, it } from 'vitest';
import { bar } from '../../../eval/run-report/bars.ts';
import { histogramChart } from '../../../eval/run-report/charts.ts';
import { drawing } from '../../../eval/run-report/drawing.ts';
import { type Interval, intervalsChart } from '../../../eval/run-report/intervals.ts';
import type { Distribution } from '../../../eval/run-report/run-report.ts';

const distribution: Distribution = {
  ...{ name: 'messages', count: 10, mean: 4.4, median: 4, p5: 3, p25: 4, p75: 5, p95: 6 },
  ...{ min: 3, max: 30 },
  histogram: [
    { from: 3, to: 4, count: 4 },
    { from: 4, to: 5, count: 5 },
    { from: 5, to: null, count: 1 },
  ],
};

const attribute = (tag: string, name: string) =>
  Number(new RegExp(` ${name}="([^"]*)"`).exec(tag)?.[1]);

/** Where the elements that hold a text stand, from left to right or downwards. */
function placeOf(svg: string, words: string): [x: number, y: number] {
  const place = new RegExp(`translate\\(([-\\d.]+),([-\\d.]+)\\)"[^>]*>${words}<`).exec(svg);
  return [Number(place?.[1]), Number(place?.[2])];
}

describe('a histogram', () => {
  const svg = histogramChart(distribution, { mean: 46.1, median: 41 }).source;

  it('has a column over the tick of its number, as high as its count', () => {
    const columns = svg.match(/<rect [^>]*>/g) ?? [];
    expect(columns).toHaveLength(3);
    const [three = '', four = ''] = columns;
    expect(attribute(three, 'height') / attribute(four, 'height')).toBeCloseTo(4 / 5, 2);
    const small = histogramChart({ ...distribution, mean: 3 }, undefined).source;
    const column = /<rect [^>]*>(?=<title>3: )/.exec(small)?.[0] ?? '';
    const middle = attribute(column, 'x') + attribute(column, 'width') / 2;
    expect(placeOf(small, '3')[0]).toBeCloseTo(middle, 1);
    expect(placeOf(small, 'mean 3')[0]).toBeCloseTo(middle, 1);
  });

  it('tells each column in words and marks what its last one leaves open', () => {
    expect(svg).toContain('<title>3: 4 trajectories</title>');
    expect(svg).toMatch(/fill-opacity="0.45"[^>]*><rect [^>]*><title>5 or more: 1 trajectory</);
  });

  it("has the paper's mean on the axis however far off it is", () => {
    expect(placeOf(svg, 'paper 46.1')[0]).toBeGreaterThan(placeOf(svg, 'mean 4.4')[0] + 100);
    expect(placeOf(svg, 'paper 46.1')[0]).toBeLessThan(340);
  });
});

describe('a bar', () => {
  it('is as long as its share of the longest, with what fell away behind it', () => {
    expect(bar(1, 4).source.match(/width="[^"]*"/g)).toEqual(['width="250"']);
    expect(
      bar(1, 4, 'station', 2)
        .source.match(/ (x|width)="[^"]*"/g)
        ?.sort(),
    ).toEqual([' width="250"', ' width="500"', ' x="0"', ' x="250"'].sort());
    expect(bar(1, 1_000_000).source).toContain('width="4"');
    for (const none of [bar(0, 4), bar(0, 0)]) expect(none.source).not.toContain('<rect');
  });
});

describe('intervals', () => {
  const one = (name: string, value: number, spread: number): Interval => ({
    ...{ name, value, low: value - spread, high: value + spread },
    isFound: Math.abs(value) > spread,
  });

  it('stand in their order and on the side of zero that they are on', () => {
    const svg = intervalsChart([one('first', -5, 2), one('second', 4, 1)], '%', 'words').source;
    expect(placeOf(svg, 'first')[1]).toBeLessThan(placeOf(svg, 'second')[1]);
    const dots = (svg.match(/<circle [^>]*>/g) ?? []).map((tag) => attribute(tag, 'cx'));
    const [zero] = placeOf(svg, '0');
    expect(dots.map((at) => at > zero)).toEqual([false, true]);
    expect(svg).toContain('<title>first: −5, from −7 to −3</title>');
  });

  it('stay apart where one of them is a hundred times as wide', () => {
    const svg = intervalsChart([one('near', 10, 5), one('far', 4000, 900)], '%', 'words').source;
    const lines = [...svg.matchAll(/<line [^>]*>/g)].map(([tag]) => tag);
    const near = lines.find((tag) => attribute(tag, 'y1') === attribute(tag, 'y2')) ?? '';
    expect(attribute(near, 'x2') - attribute(near, 'x1')).toBeGreaterThan(8);
    expect(placeOf(svg, '\\+1,000')[0]).toBeGreaterThan(placeOf(svg, '\\+100')[0] + 40);
  });
});

describe('every drawing', () => {
  it('shows what a hostile name holds as text, and brings no sheet, id or address', () => {
    const name = '"><script>alert(1)</script>\u202e\u0000';
    const marks = [text([name], { text: [name], frameAnchor: 'middle', title: [name] })];
    const { source } = drawing({ width: 100, height: 50, marks }, { kind: 'curve', alt: name });
    expect(source).not.toMatch(/<script|<style| id=|url\(|[\u202e]/);
    expect(source.match(/&lt;script&gt;/g)).toHaveLength(3);
    expect(source.match(/\[U\+202E\]/g)).toHaveLength(3);
    expect(source).toMatch(/^<svg class="curve" viewBox="0 0 100 50" role="img" aria-label="/);
  });

  it("has only the page's colours", () => {
    const drawn = [
      histogramChart(distribution, { mean: 46.1, median: 41 }),
      intervalsChart([{ name: 'a', value: 1, low: 0, high: 2, isFound: true }], '%', 'a'),
      bar(1, 2, 'station', 1),
    ];
    for (const { source } of drawn) {
      const inks = [...source.matchAll(/ (?:fill|stroke)="([^"]*)"/g)].map(([, ink]) => ink);
      expect(inks.length).toBeGreaterThan(0);
      for (const ink of inks) expect(ink).toMatch(/^(none|var\(--[a-z-]+\))$/);
    }
  });
});
