/** The little words by which a language of the Latin alphabet is told; few are shared between two. */
const WORDS = {
  English:
    'the and you your is are was with for that this have has what when how please would can will from not it of to my be',
  German:
    'der die das und ist nicht ich sie ein eine mit für auf von den dem zu wir bitte kann wird haben auch oder bei wenn',
  French:
    'le la les des est et vous je une un pour dans que qui avec pas sur votre nous mais ce au avez merci cette être',
  Spanish:
    'el la los las es y que de un una para con por su usted no está pero como más puede gracias en del qué mi',
  Portuguese:
    'o a os as é e que de um uma para com por não você seu sua está mas como mais pode obrigado em do da',
  Italian:
    'il la gli che è di un una per con non sono del della ma come più può grazie ha nel questo lei mio anche',
  Dutch:
    'de het een en van is niet ik u je met voor op dat dit zijn heeft kan wordt ook maar aan uw bij graag',
  Polish: 'nie jest się na do to że i w z jak czy dla proszę ale tak być od po mogę przez oraz',
  Swedish: 'och är att det en ett inte jag du för med på av som har kan till den vi men',
  Danish: 'og er at det en et ikke jeg du for med på af som har kan til den vi men der',
  Czech: 'je a se na v že to pro jsem není jak ale do od po které jsou prosím máte může',
  Turkish: 've bir bu için ile da de değil mi var ne çok olarak ben siz lütfen evet gibi daha',
  Indonesian: 'yang dan di ini itu untuk dengan tidak dari saya anda ke pada adalah bisa akan apa',
  Vietnamese: 'của và là có không cho với được tôi bạn này các một để trong người những đã',
} as const;

const SCRIPTS = {
  Chinese: /\p{Script=Han}/gu,
  Japanese: /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Han}]/gu,
  Korean: /\p{Script=Hangul}/gu,
  Russian: /\p{Script=Cyrillic}/gu,
  Ukrainian: /\p{Script=Cyrillic}/gu,
  Arabic: /\p{Script=Arabic}/gu,
  Persian: /\p{Script=Arabic}/gu,
  Hebrew: /\p{Script=Hebrew}/gu,
  Greek: /\p{Script=Greek}/gu,
  Hindi: /\p{Script=Devanagari}/gu,
  Thai: /\p{Script=Thai}/gu,
} as const;

/** A language that can be told from others. */
export type Language = keyof typeof WORDS | keyof typeof SCRIPTS;

const MAX_TEXT = 800;
const MIN_LETTERS = 30;
const MIN_WORDS = 8;

const names = new Intl.DisplayNames('en', { type: 'language' });

/** The language of an English name or an ISO 639 code; undefined when it cannot be told from others here. */
export function languageKey(name: string): Language | undefined {
  const plain = name.trim().toLowerCase();
  return ALL.find((language) => language.toLowerCase() === plain || language === nameOfCode(plain));
}

const ALL: readonly Language[] = [
  // Object.keys gives string[]; the keys are those of the literals above.
  ...(Object.keys(WORDS) as Language[]),
  ...(Object.keys(SCRIPTS) as Language[]),
];

function nameOfCode(code: string): string | undefined {
  if (!/^[a-z]{2,3}(?:-[a-z]{2,4})?$/.test(code)) return undefined;
  return names.of(code.split('-')[0] ?? code);
}

/**
 * The language that a text is plainly in when it is not the one asked for; null when it is, or when the
 * text is too short or too mixed (names, ids, code) to tell.
 */
export function looksLike(text: string, asked: Language): string | null {
  const letters = proseOf(text).match(/\p{L}+/gu) ?? [];
  const total = letters.reduce((sum, word) => sum + word.length, 0);
  if (total < MIN_LETTERS) return null;
  const plain = asked in WORDS && !/[^\p{ASCII}\p{Script=Latin}]/u.test(text);
  const script = plain ? null : otherScript(letters.join(' '), total, asked);
  return script ?? otherWords(letters, asked);
}

/** A text without what has no language: code, addresses, JSON. */
function proseOf(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .replace(/```[^`]*```|`[^`\n]*`/g, ' ')
    .replace(/\S*[@_/{}=]\S*|"[^"\n]*"/g, ' ');
}

function otherScript(text: string, total: number, asked: Language): string | null {
  const share = (pattern: RegExp): number => (text.match(pattern) ?? []).join('').length / total;
  const own = asked in SCRIPTS ? scriptOf(asked) : undefined;
  if (own !== undefined && share(own) > 0.3) return null;
  const other = Object.entries(SCRIPTS).find(([, pattern]) => share(pattern) > 0.5);
  if (other !== undefined) return other[0];
  return own !== undefined && share(/\p{Script=Latin}/gu) > 0.8 ? 'the Latin alphabet' : null;
}

function scriptOf(language: Language): RegExp | undefined {
  return Object.entries(SCRIPTS).find(([name]) => name === language)?.[1];
}

const LANGUAGES: readonly string[] = Object.keys(WORDS);

/** For each little word the languages that have it, as indices into LANGUAGES. */
const LANGUAGES_OF: ReadonlyMap<string, readonly number[]> = indexWords();

function indexWords(): Map<string, number[]> {
  const index = new Map<string, number[]>();
  for (const [language, words] of Object.values(WORDS).entries()) {
    for (const word of words.split(' ')) index.set(word, [...(index.get(word) ?? []), language]);
  }
  return index;
}

/** Another language needs a fifth of the words, and three times as many as the one asked for has. */
function otherWords(words: readonly string[], asked: Language): string | null {
  const own = LANGUAGES.indexOf(asked);
  if (words.length < MIN_WORDS || own < 0) return null;
  const hits = LANGUAGES.map(() => 0);
  for (const word of words) {
    for (const index of LANGUAGES_OF.get(word.toLowerCase()) ?? [])
      hits[index] = (hits[index] ?? 0) + 1;
  }
  const most = Math.max(...hits);
  const plain = most >= 3 && most >= words.length / 5 && most > (hits[own] ?? 0) * 3;
  return plain ? (LANGUAGES[hits.indexOf(most)] ?? null) : null;
}
