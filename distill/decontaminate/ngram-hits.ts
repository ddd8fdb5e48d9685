import { ngramHashes, wordsOf } from '../../core/text/shingles.ts';
import { NGRAM_WORDS } from './fingerprint.ts';
import { type Hit, shortExample } from './hit.ts';
import type { NgramIndex, NgramMatch } from './ngram-index.ts';
import type { DecontaminationRules } from './rules.ts';
import type { PlacedText } from './subject-texts.ts';

/** An item of a benchmark as the index counts it. */
export interface IndexedItem {
  benchmark: string;
  id: string;
  /** How many n-grams it has. */
  ngrams: number;
}

/**
 * What a row's texts share with the benchmarks' texts, word for word. For each benchmark: the longest run of
 * equal words where it is as long as the rules say (dropped), and the greatest share of one item's 8-grams
 * (dropped from the rules' share on, listed below it).
 */
export function ngramHits(
  texts: readonly PlacedText[],
  index: NgramIndex,
  items: readonly IndexedItem[],
  rules: DecontaminationRules,
): Hit[] {
  const words = texts.map(({ text }) => wordsOf(text));
  const matches = index.match(words.map((list) => ngramHashes(list, NGRAM_WORDS)));
  // Nearly all rows end here.
  if (matches.length === 0) return [];
  const shared = matches.map((match) => describe(match, items[match.item], texts, words));
  const names = new Set(shared.map(({ benchmark }) => benchmark));
  return [...names].flatMap((name) => {
    const own = shared.filter(({ benchmark }) => benchmark === name);
    return [runHit(own, rules), shareHit(own, rules)].filter((hit) => hit !== null);
  });
}

/** What one item and the row share. */
interface Shared extends Pick<Hit, 'benchmark' | 'item' | 'where' | 'example'> {
  /** Equal words in a row at most. */
  words: number;
  matched: number;
  share: number;
}

function describe(
  { positions, longest, text, end }: NgramMatch,
  item: IndexedItem | undefined,
  texts: readonly PlacedText[],
  words: readonly string[][],
): Shared {
  const count = longest + NGRAM_WORDS - 1;
  const last = end + NGRAM_WORDS;
  return {
    benchmark: item?.benchmark ?? '',
    item: item?.id ?? null,
    where: texts[text]?.where ?? '',
    example: shortExample((words[text] ?? []).slice(last - count, last).join(' ')),
    words: count,
    matched: positions.size,
    share: positions.size / (item?.ngrams ?? 1),
  };
}

function runHit(shared: readonly Shared[], rules: DecontaminationRules): Hit | null {
  const long = shared.filter(({ words }) => words >= rules.words_in_a_row);
  const longest = greatest(long, ({ words }) => words);
  if (longest === undefined) return null;
  return asHit(longest, { kind: 'ngram13', items: long.length, value: longest.words, drop: true });
}

function shareHit(shared: readonly Shared[], rules: DecontaminationRules): Hit | null {
  const { share, matched } = rules.ngram8;
  const dropping = shared.filter((one) => one.matched >= matched && one.share >= share);
  const most = greatest(dropping.length > 0 ? dropping : shared, (one) => one.share);
  if (most === undefined) return null;
  const drop = dropping.length > 0;
  return asHit(most, { kind: 'ngram8_share', items: shared.length, value: most.share, drop });
}

function greatest(shared: readonly Shared[], measure: (one: Shared) => number): Shared | undefined {
  return shared.reduce<Shared | undefined>(
    (best, one) => (best === undefined || measure(one) > measure(best) ? one : best),
    undefined,
  );
}

function asHit(shared: Shared, rest: Pick<Hit, 'kind' | 'items' | 'value' | 'drop'>): Hit {
  const { benchmark, item, where, example } = shared;
  return { benchmark, item, ...rest, where, example };
}
