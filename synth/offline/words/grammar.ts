const IRREGULAR_PLURALS: ReadonlyMap<string, string> = new Map([
  ['people', 'person'],
  ['children', 'child'],
  ['women', 'woman'],
  ['men', 'man'],
  ['feet', 'foot'],
  ['teeth', 'tooth'],
  ['mice', 'mouse'],
  ['geese', 'goose'],
  ['leaves', 'leaf'],
  ['halves', 'half'],
  ['loaves', 'loaf'],
  ['knives', 'knife'],
  ['shelves', 'shelf'],
  ['wolves', 'wolf'],
  ['calves', 'calf'],
  ['lives', 'life'],
  ['movies', 'movie'],
  ['cookies', 'cookie'],
  ['pies', 'pie'],
  ['ties', 'tie'],
  ['caches', 'cache'],
  ['archives', 'archive'],
  ['potatoes', 'potato'],
  ['tomatoes', 'tomato'],
  ['queries', 'query'],
  ['criteria', 'criterion'],
  ['analyses', 'analysis'],
  ['axes', 'axis'],
  ['indices', 'index'],
  ['buses', 'bus'],
  ['statuses', 'status'],
  ['bonuses', 'bonus'],
  ['lenses', 'lens'],
]);
const SINGULAR_IN_S =
  /(?:ss|us|is|ics|news|lens|gas|series|species|means|canvas|atlas|bias|alias|address|process)$/;
const UNCOUNTABLE = new Set(
  `advice baggage luggage equipment information insurance money mail traffic software hardware water milk
  flour sugar salt pepper butter oil rice meat beef pork bread cheese garlic parsley coriander data access
  eligibility availability identity damage work storage stock staff feedback furniture jewellery cash paper
  power electricity ink sand soil air ice honey wax wine beer juice tea coffee stuff progress training
  parking homework research evidence mileage postage permission support help assistance care education employment`.split(
    /\s+/,
  ),
);

/** The singular of a noun; one that is singular already stays. */
export function singular(noun: string): string {
  const lower = noun.toLowerCase();
  const irregular = IRREGULAR_PLURALS.get(lower);
  if (irregular !== undefined) return irregular;
  if (lower.length < 4 || !lower.endsWith('s') || SINGULAR_IN_S.test(lower)) return noun;
  if (lower.endsWith('ies') && lower.length > 4) return `${noun.slice(0, -3)}y`;
  if (/(?:sses|shes|ches|xes|zzes)$/.test(lower)) return noun.slice(0, -2);
  return noun.slice(0, -1);
}

/** The plural of a singular noun. */
export function plural(noun: string): string {
  for (const [many, one] of IRREGULAR_PLURALS) if (one === noun) return many;
  if (isUncountable(noun)) return noun;
  if (/[^aeiou]y$/i.test(noun)) return `${noun.slice(0, -1)}ies`;
  return /(?:s|sh|ch|x|z)$/i.test(noun) ? `${noun}es` : `${noun}s`;
}

export function isPlural(noun: string): boolean {
  const lower = noun.toLowerCase();
  return !isUncountable(lower) && singular(lower) !== lower;
}

export function isUncountable(noun: string): boolean {
  return UNCOUNTABLE.has(noun.toLowerCase());
}

/** "a" or "an", by the sound that a phrase begins with. */
export function article(phrase: string): string {
  if (
    /^(?:[aefhilmnorsx](?:[-\d]|[A-Z]|$)|8|11\b|18\b)/i.test(phrase) &&
    /^(?:[A-Z]{2,}|.[-\d])/.test(phrase)
  ) {
    return 'an';
  }
  if (/^(?:hour|honest|heir)/i.test(phrase)) return 'an';
  if (/^(?:uni(?!n)|use|user|usual|util|euro|one\b|once|u[A-Z])/i.test(phrase)) return 'a';
  return /^[aeiou]/i.test(phrase) ? 'an' : 'a';
}

const NUMBER_WORDS =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty';
const NUMBERS: ReadonlyMap<string, number> = new Map([
  ...NUMBER_WORDS.split(' ').map((word, value): [string, number] => [word, value]),
  ['thirty', 30],
  ['forty', 40],
  ['fifty', 50],
  ['sixty', 60],
  ['seventy', 70],
  ['eighty', 80],
  ['ninety', 90],
  ['hundred', 100],
  ['twenty-one', 21],
  ['twenty-four', 24],
  ['twenty-five', 25],
  ['forty-eight', 48],
]);

/** The value of a number in digits ("1,200", "3.5") or as one word ("three"); undefined for anything else. */
export function numberValue(word: string): number | undefined {
  const named = NUMBERS.get(word.toLowerCase());
  if (named !== undefined) return named;
  if (!/^\d{1,3}(?:,\d{3})+(?:\.\d+)?$|^\d+(?:\.\d+)?$/.test(word)) return undefined;
  return Number(word.replaceAll(',', ''));
}

export const NUMBER_PATTERN = `(?:\\d{1,3}(?:,\\d{3})+(?:\\.\\d+)?|\\d+(?:\\.\\d+)?|${[
  ...NUMBERS.keys(),
]
  .sort((a, b) => b.length - a.length)
  .join('|')})`;

export function capitalised(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}

/** A list in words: "a", "a and b", "a, b and c". */
export function listed(items: readonly string[], word = 'and'): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} ${word} ${items.at(-1)}`;
}

/** A phrase as snake_case; anything but letters and digits parts words. */
export function snake(phrase: string): string {
  return phrase
    .normalize('NFKD')
    .replace(/['’]s?\b|[\u0300-\u036f]/g, '')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_+$/g, '');
}
