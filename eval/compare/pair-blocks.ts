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

/** A pair in a line: its names, and how much differs on the same passages. */
export function pairSummary({ a, b, views }: Pair): string {
  const names = `A: ${a}, B: ${b}`;
  const [first] = views;
  if (first === undefined) return `${names}: nothing in common`;
  const { found, tested, few } = countsOf(first);
  if (tested === 0) return `${names}: ${few > 0 ? 'too few passages' : 'no difference'}`;
  return `${names}: ${found} of ${tested} measures beyond noise`;
}

function viewBlocks(view: View, { all, fold = false }: Extent): Block[] {
  const { differences } = view;
  const isOpen = (one: Difference) => (all && !fold) || isShown(one);
  const rest = differences.filter((one) => !isOpen(one));
  const unsaid = fold ? 0 : rest.length;
  return [
    { kind: 'title', level: 3, text: titleOf(view) },
    tableOf(differences.filter(isOpen)),
    { kind: 'text', text: countWords(view, unsaid) },
    ...(fold && rest.length > 0
      ? [
          {
            kind: 'fold' as const,
            title: `${rest.length} more that are not told apart`,
            blocks: [tableOf(rest)],
          },
        ]
      : []),
  ];
}

function tableOf(differences: readonly Difference[]): Block {
  const rows = differences.map((one) => [
    one.title,
    figure(one.a, one.unit),
    figure(one.b, one.unit),
    signed(one.difference, one.unit),
    interval(one),
    detectable(one),
    verdictWords(one),
  ]);
  const head = ['', 'A', 'B', 'B − A', '95% interval', 'could show', 'verdict'];
  return { kind: 'table', rows: [head, ...rows] };
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
function countWords(view: View, left: number): string {
  const { found, tested, few } = countsOf(view);
  const more =
    left === 0 ? '' : ` ${left} more are not told apart: --all prints them, compare.md has them.`;
  if (tested === 0)
    return few > 0
      ? `Too few passages for an interval: nothing is said of ${few} measures.${more}`
      : `No measure differs on any passage.${more}`;
  const chance = Math.max(1, Math.round(tested / 20));
  return `${found} of ${tested} measures that are not equal are beyond noise; about ${chance} would be by chance alone.${more}`;
}

/** Measures that are not equal, those of them whose difference is beyond noise, and those without an interval. */
function countsOf({ differences }: View): { found: number; tested: number; few: number } {
  const tested = differences.filter(
    ({ verdict }) => verdict === 'higher' || verdict === 'lower' || verdict === 'within_noise',
  );
  const found = tested.filter(({ verdict }) => verdict !== 'within_noise');
  const few = differences.filter(({ verdict }) => verdict === 'too_few');
  return { found: found.length, tested: tested.length, few: few.length };
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}
