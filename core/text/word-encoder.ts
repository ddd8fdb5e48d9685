import {
  BPE,
  ByteLevelPreTokenizer,
  type PreTokenizer,
  SequencePreTokenizer,
  SplitPreTokenizer,
  type Tokenizer,
} from '@huggingface/tokenizers';
import type { Span } from './chat-template-marks.ts';
import type { TokenizerJson } from './tokenizer-files.ts';

/** Words kept in each of two generations: about 30 MB in all. */
const WORDS_KEPT = 100_000;
const LONGEST_KEPT = 64;
/** V8 copies a shorter piece of a text; a longer one would keep the whole text in memory. */
const SHORTEST_SLICE = 13;

/** Encodes and counts a text; special tokens in it are one token each. */
export interface TokenEncoder {
  encode(text: string): number[];
  count(text: string): number;
  /** The tokens of a text, and of those the ones that lie in spans of it, which are in order. */
  countWithin(text: string, spans: readonly Span[]): { tokens: number; within: number };
}

/**
 * Encodes as the library does, many times as fast: a word's ids are computed once and remembered.
 * Null for a tokenizer whose ids depend on more than the word (Unigram, tokens that strip the blanks around
 * them): those are the library's to encode.
 */
export function wordEncoder(library: Tokenizer, json: TokenizerJson): TokenEncoder | null {
  const { model, pre_tokenizer, normalizer } = library;
  if (!(model instanceof BPE) || model.fuse_unk || pre_tokenizer === null) return null;
  const needsMore = json.added_tokens.some(
    ({ lstrip, rstrip, normalized }) => lstrip || rstrip || (normalized && normalizer !== null),
  );
  if (needsMore) return null;
  const { words, spell } = splitSteps(pre_tokenizer);
  const memory = new WordMemory((word) =>
    model(spell(word)).map((token) => model.tokens_to_ids.get(token) ?? unknownId(model)),
  );
  const sectionsOf = sectionSplitter(json.added_tokens.map(({ content }) => content));
  const added = new Map(json.added_tokens.map(({ content, id }) => [content, [id]]));
  const visit = (text: string, take: (ids: readonly number[], length: number) => void) => {
    let isAsWritten = true;
    for (const section of sectionsOf(text)) {
      const ids = added.get(section);
      if (ids !== undefined) take(ids, section.length);
      else if (section !== '') {
        const normal = normalizer?.(section) ?? section;
        isAsWritten &&= normal === section;
        for (const word of words(normal)) take(memory.of(word), word.length);
      }
    }
    return isAsWritten;
  };
  return encoderOf(visit);
}

/**
 * Gives each word of a text, its ids and its length, to `take`.
 * Returns false when the words are not those of the text as it is written, but of its normal form.
 */
type Visit = (text: string, take: (ids: readonly number[], length: number) => void) => boolean;

function encoderOf(visit: Visit): TokenEncoder {
  const count = (text: string) => {
    let tokens = 0;
    visit(text, (ids) => {
      tokens += ids.length;
    });
    return tokens;
  };
  return {
    encode: (text) => {
      const encoded: number[] = [];
      visit(text, (ids) => {
        for (const id of ids) encoded.push(id);
      });
      return encoded;
    },
    count,
    countWithin: (text, spans) => {
      let tokens = 0;
      let within = 0;
      let at = 0;
      let next = 0;
      const isAsWritten = visit(text, (ids, length) => {
        tokens += ids.length;
        let span = spans[next];
        while (span !== undefined && span.end <= at) span = spans[++next];
        at += length;
        if (span !== undefined && at > span.start) within += ids.length;
      });
      // Where a word's length is not its place in the text, spans are counted by themselves.
      return isAsWritten && at === text.length
        ? { tokens, within }
        : { tokens, within: countSpans(text, spans, count) };
    },
  };
}

/** The tokens of spans of a text, each counted by itself. */
export function countSpans(
  text: string,
  spans: readonly Span[],
  count: (text: string) => number,
): number {
  return spans.reduce((sum, { start, end }) => sum + count(text.slice(start, end)), 0);
}

/** A text's words, and what the model is given for one of them. */
interface SplitSteps {
  words: (text: string) => readonly string[];
  spell: (word: string) => string[];
}

/** Spelling words as bytes is slow: where it is the last step it is done once a word, not once an occurrence. */
function splitSteps(preTokenizer: PreTokenizer): SplitSteps {
  if (preTokenizer instanceof SequencePreTokenizer) {
    const [first, last, ...more] = preTokenizer.tokenizers;
    if (
      more.length === 0 &&
      first instanceof SplitPreTokenizer &&
      last instanceof ByteLevelPreTokenizer &&
      !last.use_regex &&
      !last.add_prefix_space
    )
      return { words: patternSplitter(first), spell: (word) => last(word) };
  }
  return { words: (text) => preTokenizer(text), spell: (word) => [word] };
}

/** What the pattern finds are the words, unless it leaves gaps or is meant to remove what it finds. */
function patternSplitter(split: SplitPreTokenizer): (text: string) => readonly string[] {
  const { pattern, config } = split;
  if (pattern === null || config.invert || config.behavior?.toLowerCase() !== 'isolated')
    return (text) => split(text);
  return (text) => {
    const found = text.match(pattern) ?? [];
    let length = 0;
    for (const word of found) length += word.length;
    return length === text.length ? found : split(text);
  };
}

/** Cuts a text around the added tokens, the longest that fits first. */
function sectionSplitter(contents: readonly string[]): (text: string) => readonly string[] {
  if (contents.length === 0) return (text) => [text];
  const longestFirst = [...contents].sort((a, b) => b.length - a.length);
  const escaped = longestFirst.map((content) => content.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'));
  const pattern = new RegExp(`(${escaped.join('|')})`);
  return (text) => text.split(pattern);
}

function unknownId(model: BPE): number {
  if (model.unk_token_id !== undefined) return model.unk_token_id;
  throw new Error(
    'the tokenizer has neither a token for these bytes nor one for what it does not know',
  );
}

/** Remembers the words asked for of late: when the young generation is full, it replaces the old one. */
class WordMemory {
  readonly #encode: (word: string) => number[];
  #young = new Map<string, number[]>();
  #old = new Map<string, number[]>();

  constructor(encode: (word: string) => number[]) {
    this.#encode = encode;
  }

  of(word: string): number[] {
    const known = this.#young.get(word);
    if (known !== undefined) return known;
    const ids = this.#old.get(word) ?? this.#encode(word);
    if (word.length <= LONGEST_KEPT) this.#keep(word, ids);
    return ids;
  }

  #keep(word: string, ids: number[]): void {
    if (this.#young.size >= WORDS_KEPT) {
      this.#old = this.#young;
      this.#young = new Map();
    }
    this.#young.set(word.length < SHORTEST_SLICE ? word : copyOf(word), ids);
  }
}

function copyOf(word: string): string {
  return Buffer.from(word, 'utf16le').toString('utf16le');
}
