import { type Fact, factsIn } from './facts.ts';

/** A sentence with the words that say what it is about, and its facts. */
export interface Sentence {
  /** With single spaces. */
  text: string;
  /** Stems of its longer words; those of the heading above, where it has few of its own. */
  readonly words: ReadonlySet<string>;
  /** Its facts, with offsets in the sentence. */
  facts: readonly Fact[];
}

const MAX_TEXT = 60_000;
const MAX_SENTENCE = 1500;
const MAX_SENTENCES = 1500;
const FEW = 3;
const MAX_FACTS = 24;

/** The sentences of a text, list marks and headings left out. */
export function readSentences(text: string): Sentence[] {
  const sentences: Sentence[] = [];
  let heading: ReadonlySet<string> = new Set();
  for (const line of linesOf(text.slice(0, MAX_TEXT))) {
    if (HEADING.test(line)) heading = wordsOf(line);
    const marker = LIST_MARK.exec(line)?.[0].length ?? 0;
    for (const piece of sentencesIn(line.slice(marker))) {
      sentences.push(readSentence(piece, heading));
      if (sentences.length >= MAX_SENTENCES) return sentences;
    }
  }
  return sentences;
}

const HEADING = /^\s{0,3}#{1,6} |^\s*\*\*[^*]{1,80}\*\*:?\s*$|^[^.!?]{1,60}:\s*$/;

/** Words are read when they are asked for: most sentences have no facts, and need none. */
function readSentence(piece: string, heading: ReadonlySet<string>): Sentence {
  const text = piece.replaceAll(/\s+/g, ' ').trim();
  let words: ReadonlySet<string> | undefined;
  return {
    text,
    facts: factsIn(text).slice(0, MAX_FACTS),
    get words() {
      if (words !== undefined) return words;
      words = wordsOf(text);
      if (words.size <= FEW && heading.size > 0) words = new Set([...words, ...heading]);
      return words;
    },
  };
}

const LIST_MARK =
  /^\s{0,20}(?:#{1,6} +|[-*•–] +|\(?\d{1,3}(?:\.\d{1,3}){0,3}[.)](?= |$) *|\(?[a-z][.)] +|> +){0,3}/;

const STARTS_ANEW = /^\s*(?:$|#|[-*•–>|] ?|\(?\d{1,3}[.)]|\(?[a-z][.)] |```)/;

/** Lines that are not empty, those of a paragraph that was wrapped joined. */
function* linesOf(text: string): Generator<string> {
  let held = '';
  for (const line of text.split('\n')) {
    if (held !== '' && !STARTS_ANEW.test(line) && goesOn(held, line)) held = `${held}\n${line}`;
    else {
      if (held.trim() !== '') yield held;
      held = line;
    }
  }
  if (held.trim() !== '') yield held;
}

/** Whether a line was wrapped: it is long or the next begins small, and no sentence ends at its end. */
function goesOn(line: string, next: string): boolean {
  if (/[.!?:;|"”)]\s*$/.test(line.slice(-8)) || line.length > 4000) return false;
  return /^\s*\p{Ll}/u.test(next) || line.length - line.lastIndexOf('\n') > 55;
}

/** Ends of sentences; "3.5", "e.g. this" and "No. 5" are none. */
function* sentencesIn(line: string): Generator<string> {
  let start = 0;
  for (const match of line.matchAll(/[.!?;](?=["”’)\]]?\s)|$/g)) {
    const end = match.index + match[0].length;
    if (match[0] === '.' && ABBREVIATED.test(line.slice(Math.max(start, end - 8), end - 1)))
      continue;
    for (let from = start; from < end; from += MAX_SENTENCE) {
      const text = line.slice(from, Math.min(end, from + MAX_SENTENCE));
      if (text.trim() !== '') yield text;
    }
    start = end;
  }
}

const ABBREVIATED = /(?:^|[\s(])(?:e\.g|i\.e|cf|no|nr|approx|max|min|ca|vs|Dr|Mr|Mrs|St)$/i;

const STOP = new Set(
  'the and for are was were has have had not with from that this these those they them their there then than you your our its his her any all each every per can may must shall should will would could only also but who which when where what how into onto upon about after before within until between during over under above below more less most least many much one two maximum minimum max min limit limits limited exceed exceeds exceeding allowed permitted required requires require need needs needed apply applies rule rules please always never other others such same use using used very both either neither nor been being does did done get make made day days week weeks month months year years hour hours minute minutes second seconds night nights working business calendar number numbers amount total times time'.split(
    ' ',
  ),
);

/** The stems of a text's words that carry meaning. */
export function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const [word] of text.toLowerCase().matchAll(/\p{L}{3,40}/gu)) {
    if (!STOP.has(word)) words.add(stemOf(word));
  }
  return words;
}

const stems = new Map<string, string>();
const MAX_STEMS = 20_000;

/** A crude stem: renew, renewed, renewals are one. */
export function stemOf(word: string): string {
  const known = stems.get(word);
  if (known !== undefined) return known;
  const short = word.replace(ENDING, '');
  const stem = (short.length >= 3 ? short : word).slice(0, 7);
  if (stems.size >= MAX_STEMS) stems.clear();
  stems.set(word, stem);
  return stem;
}

const ENDING = /(?:ational|ations?|ments?|ings?|ally|edly|ities|ies|ers?|ed|es|ly|al|s|e|y)$/;
