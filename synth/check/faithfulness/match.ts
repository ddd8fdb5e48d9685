import { agree, comparable, type Fact, saysSame } from './facts.ts';
import { type Sentence, stemOf, wordsOf } from './sentences.ts';
import type { Source } from './source.ts';

/** How alike, as a share of the likest sentence, one must be whose agreement counts. */
const AGREES = 0.6;
/** How alike sentences are that speak of the same thing: without and with the value stated elsewhere. */
interface Thresholds {
  alone: number;
  elsewhere: number;
}

const RULE_THRESHOLDS: Thresholds = { alone: 0.5, elsewhere: 0.8 };

/** A fact that the source gives another value. */
export interface Contradiction {
  said: Fact;
  saidIn: Sentence;
  source: Fact;
  sourceIn: Sentence;
}

/** What a sentence's facts are in the light of a source. */
export interface Tracing {
  /** Facts looked for. */
  facts: readonly Fact[];
  contradictions: readonly Contradiction[];
  /** Facts that no place of the source states. */
  invented: readonly Fact[];
}

/** Traces the facts of a sentence to a source. */
export function trace(sentence: Sentence, source: Source, thresholds = RULE_THRESHOLDS): Tracing {
  const facts = sentence.facts.filter(isTraceable);
  if (facts.length > 0 && source.hasSentence(sentence.text))
    return { facts, contradictions: [], invented: [] };
  const near = facts.length === 0 ? [] : source.near(sentence.words);
  const contradictions: Contradiction[] = [];
  const invented: Fact[] = [];
  const taken = new Set<Fact>();
  for (const fact of facts) {
    const found = contradictionOf(fact, sentence, near, source, thresholds, taken);
    if (found !== undefined) {
      taken.add(found.source);
      contradictions.push(found);
    } else if (!source.states(fact) && !isSmall(fact)) invented.push(fact);
  }
  return { facts, contradictions, invented };
}

/** "one" and "first" are mostly no numbers. */
function isTraceable({ kind, text, values }: Fact): boolean {
  return !(kind === 'count' && values[0] === 1 && /^one$/i.test(text));
}

function isSmall({ values, kind }: Fact): boolean {
  return kind !== 'time' && values.length === 1 && (values[0] === 0 || values[0] === 1);
}

function contradictionOf(
  fact: Fact,
  saidIn: Sentence,
  near: readonly { sentence: Sentence; score: number }[],
  source: Source,
  { alone, elsewhere }: Thresholds,
  taken: ReadonlySet<Fact>,
): Contradiction | undefined {
  const agreeing = near.find(({ sentence, score }) => confirms(fact, saidIn, sentence, score));
  const limit = agreeing !== undefined || source.repeats(fact) ? elsewhere : alone;
  for (const { sentence: sourceIn, score } of near) {
    if (score < limit || (agreeing !== undefined && agreeing.score > score * AGREES)) break;
    const claimed = new Set(pairUp(saidIn.facts, sourceIn.facts).values());
    const candidates = sourceIn.facts.filter(
      (one) =>
        !taken.has(one) &&
        !claimed.has(one) &&
        isTraceable(one) &&
        differs(fact, one) &&
        (score >= elsewhere || isOfOneSize(fact, one)) &&
        sharesNoun(fact, one, saidIn, sourceIn, score),
    );
    const best = nearest(fact, saidIn, sourceIn, candidates);
    if (best !== undefined) return { said: fact, saidIn, source: best, sourceIn };
  }
  return undefined;
}

/** Whether a sentence of the source says the fact; where it is the very sentence, one fact confirms one. */
function confirms(fact: Fact, saidIn: Sentence, sentence: Sentence, score: number): boolean {
  if (!sentence.facts.some((one) => saysSame(fact, one))) return false;
  const isVerySentence = score >= NEARLY_VERBATIM && saidIn.facts.length === sentence.facts.length;
  return !isVerySentence || pairUp(saidIn.facts, sentence.facts).has(fact);
}

/** Facts of one sentence with those of another that say the same, one to one: equal units first. */
function pairUp(facts: readonly Fact[], others: readonly Fact[]): Map<Fact, Fact> {
  const pairs = new Map<Fact, Fact>();
  const left = new Set(others);
  for (const sameUnit of [true, false]) {
    for (const fact of facts) {
      if (pairs.has(fact)) continue;
      for (const other of left) {
        if ((sameUnit && fact.unit !== other.unit) || !saysSame(fact, other)) continue;
        pairs.set(fact, other);
        left.delete(other);
        break;
      }
    }
  }
  return pairs;
}

/** Another value of one kind, or the same number in a unit of another kind. */
function differs(a: Fact, b: Fact): boolean {
  if (agree(a, b)) return false;
  if (comparable(a, b)) return true;
  return (
    a.unit !== null && b.unit !== null && a.plain.join() === b.plain.join() && a.plain.length > 0
  );
}

/** 24 hours and 14 days are seldom the same limit in other words; 24 hours and 24 days are. */
function isOfOneSize(a: Fact, b: Fact): boolean {
  const [first, second] = [a.values[0] ?? 0, b.values[0] ?? 0];
  if (a.unit === b.unit || a.plain.join() === b.plain.join() || a.kind !== b.kind) return true;
  return Math.max(first, second) <= 8 * Math.min(first, second);
}

const NEARLY_VERBATIM = 0.85;

/** Counts of different things (4 seats, 6 bags) do not contradict each other. */
function sharesNoun(
  a: Fact,
  b: Fact,
  saidIn: Sentence,
  sourceIn: Sentence,
  score: number,
): boolean {
  if (a.kind !== 'count' || b.kind !== 'count' || a.values.length > 1) return true;
  if (score >= NEARLY_VERBATIM) return true;
  const after = wordsOf(saidIn.text.slice(a.end, a.end + 40));
  const theirs = wordsOf(sourceIn.text.slice(b.end, b.end + 40));
  if (a.noun !== null && b.noun !== null && stemOf(a.noun) === stemOf(b.noun)) return true;
  return [...after].some((word) => theirs.has(word));
}

/** Of several candidates the one whose neighbouring words are most alike. */
function nearest(
  fact: Fact,
  saidIn: Sentence,
  sourceIn: Sentence,
  candidates: readonly Fact[],
): Fact | undefined {
  if (candidates.length < 2) return candidates[0];
  const own = around(saidIn.text, fact);
  const score = (one: Fact): number => {
    const words = around(sourceIn.text, one);
    return [...own].filter((word) => words.has(word)).length;
  };
  return candidates.map((one) => ({ one, score: score(one) })).sort((a, b) => b.score - a.score)[0]
    ?.one;
}

function around(text: string, { start, end }: Fact): Set<string> {
  const before = text.slice(Math.max(0, start - 40), start).toLowerCase();
  const after = text.slice(end, end + 40).toLowerCase();
  return new Set(`${before} ${after}`.match(/\p{L}{2,}/gu) ?? []);
}
