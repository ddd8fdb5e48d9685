/** A word, number or mark of a sentence. */
export interface Token {
  text: string;
  lower: string;
  start: number;
  end: number;
  isWord: boolean;
}

const TOKEN =
  /[$€£]|°[CF]\b|\d+(?:[.,]\d+)*(?:st|nd|rd|th)?|[\p{L}\d]+(?:['’&./-][\p{L}\d]+)*|[^\s\p{L}\d]/gu;

/** The tokens of a sentence with their offsets. */
export function tokenise(text: string): Token[] {
  return Array.from(text.matchAll(TOKEN), ({ 0: word, index }) => ({
    text: word,
    lower: word.toLowerCase(),
    start: index,
    end: index + word.length,
    isWord: /^\p{L}/u.test(word) || /^\d+\p{L}/u.test(word),
  }));
}
