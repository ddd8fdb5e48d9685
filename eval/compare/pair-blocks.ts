import type { Block, Extent } from './block.ts';
import type { Difference, Pair, View } from './comparison.ts';
import { detectable, figure, interval, signed, verdictWords } from './figures.ts';
import { preferenceBlocks } from './preference-blocks.ts';

/** Two methods beside each other on what they share. */
export function pairBlocks(pair: Pair, extent: Extent): Block[] {
  const { a, b, notes, views, preference } = pair;
  return [
    { kind: 'title', level: 2, text: `A: ${a}, B: ${b}` },
    ...(notes.length === 0 ? [] : [{ kind: 'list' as const, items: notes }]),
    ...views.flatMap((view) => viewBlocks(view, extent)),
    ...(preference === null ? [] : preferenceBlocks(preference)),
  ];
}

function viewBlocks(view: View, extent: Extent): Block[] {
  const { differences } = view;
  const shown = differences.filter((one) => extent.all || isShown(one));
  const left = differences.length - shown.length;
  const rows = shown.map((one) => [
    one.title,
    figure(one.a, one.unit),
    figure(one.b, one.unit),
    signed(one.difference, one.unit),
    interval(one),
    detectable(one),
    verdictWords(one),
  ]);
  return [
    { kind: 'title', level: 3, text: titleOf(view) },
    {
      kind: 'table',
      rows: [['', 'A', 'B', 'B − A', '95% interval', 'could show', 'verdict'], ...rows],
    },
    { kind: 'text', text: countWords(view, left) },
  ];
}

/** Of the many codes and patterns only what is told apart. */
function isShown({ group, verdict }: Difference): boolean {
  const isOneOfMany = group === 'findings' || group === 'patterns' || group === 'funnel';
  return !isOneOfMany || verdict === 'higher' || verdict === 'lower';
}

function titleOf({ name, a, b }: View): string {
  const extent = ({ passages, rows, tokens }: View['a']) =>
    `${count(passages)} passages, ${count(rows)} rows${tokens === null ? '' : `, ${count(tokens)} tokens`}`;
  const words = {
    equal_passages: 'At equal passages',
    equal_rows: 'At equal accepted rows',
    equal_tokens: 'At equal tokens',
  }[name];
  return `${words} (A: ${extent(a)}; B: ${extent(b)})`;
}

/** Many intervals of 95%: some miss by chance. */
function countWords({ differences }: View, left: number): string {
  const tested = differences.filter(
    ({ verdict }) => verdict === 'higher' || verdict === 'lower' || verdict === 'within_noise',
  );
  const found = tested.filter(({ verdict }) => verdict !== 'within_noise').length;
  const more =
    left === 0
      ? ''
      : ` ${left} more are within noise or equal: --all prints them, compare.md has them.`;
  if (tested.length === 0) return `No measure differs on any passage.${more}`;
  const chance = Math.max(1, Math.round(tested.length / 20));
  return `${found} of ${tested.length} measures that are not equal are beyond noise; about ${chance} would be by chance alone.${more}`;
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
