const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen';
const TENS = 'twenty thirty forty fifty sixty seventy eighty ninety';

const VALUES: ReadonlyMap<string, number> = new Map([
  ...SMALL.split(' ').map((word, value) => [word, value] as const),
  ...TENS.split(' ').map((word, index) => [word, (index + 2) * 10] as const),
]);

const SCALES: ReadonlyMap<string, number> = new Map([
  ['dozen', 12],
  ['hundred', 100],
  ['thousand', 1000],
  ['million', 1_000_000],
  ['billion', 1_000_000_000],
]);

/** The value of `million` and the like; undefined for other words. */
export function scaleOf(word: string): number | undefined {
  return SCALES.get(word.toLowerCase());
}

export interface NumberWords {
  start: number;
  end: number;
  value: number;
}

const WORDS =
  /\b(?:zero|one|two|three|four(?:teen)?|five|six(?:teen|ty)?|seven(?:teen|ty)?|eight(?:een|y)?|nine(?:teen|ty)?|ten|eleven|twelve|thirteen|fifteen|twenty|thirty|forty|fifty|(?:half )?an? (?:dozen|hundred|thousand|million|couple)|dozen|hundred|thousand|million|billion|half(?= an? ))\b/gi;

/** Numbers written in words: `twenty-one`, `two hundred and five`, `half a dozen`, `a couple`. */
export function numberWordsIn(text: string): NumberWords[] {
  const found: NumberWords[] = [];
  let run: { start: number; end: number; words: string[] } | undefined;
  const finish = (): void => {
    if (run !== undefined) found.push(...valuesOf(run));
    run = undefined;
  };
  for (const match of text.matchAll(WORDS)) {
    const word = match[0].toLowerCase();
    const start = match.index;
    const end = start + word.length;
    const gap = run === undefined ? '' : text.slice(run.end, Math.min(start, run.end + 8));
    const joins = run !== undefined && start - run.end <= 5 && continues(run.words, word, gap);
    if (joins && run !== undefined) {
      run.words.push(word);
      run.end = end;
    } else {
      finish();
      // What follows digits (2 million) belongs to them.
      const isScale =
        SCALES.has(word) && /\d[ -]?$/.test(text.slice(Math.max(0, start - 2), start));
      if (!isScale) run = { start, end, words: [word] };
    }
  }
  finish();
  return found;
}

/** Whether a word goes on with a number: a scale, ones after tens, or less than the scale before. */
function continues(words: readonly string[], word: string, gap: string): boolean {
  if (!/^(?: |-| and )$/.test(gap)) return false;
  const last = words.at(-1) ?? '';
  const value = VALUES.get(word);
  if (SCALES.has(word)) return gap !== ' and ';
  if (value === undefined) return false;
  const before = VALUES.get(last);
  if (before !== undefined) return gap !== ' and ' && before >= 20 && value > 0 && value < 10;
  return SCALES.has(last) && last !== 'dozen';
}

function valuesOf(run: { start: number; end: number; words: string[] }): NumberWords[] {
  // "dozens of", "hundreds" and the bare word say no number.
  if (run.words.length === 1 && SCALES.has(run.words[0] ?? '')) return [];
  let total = 0;
  let current: number | undefined;
  for (const word of run.words) {
    const scale = SCALES.get(word);
    if (scale === undefined) current = (current ?? 0) + (VALUES.get(word) ?? phraseValue(word));
    else if (scale < 1000) current = (current ?? 1) * scale;
    else {
      total += (current ?? 1) * scale;
      current = undefined;
    }
  }
  return [{ start: run.start, end: run.end, value: total + (current ?? 0) }];
}

/** `half`, `a couple`, `a dozen`, `half a dozen`. */
function phraseValue(phrase: string): number {
  const share = phrase.startsWith('half') ? 0.5 : 1;
  const last = phrase.split(' ').at(-1) ?? '';
  return share * (last === 'couple' ? 2 : (SCALES.get(last) ?? 1));
}
