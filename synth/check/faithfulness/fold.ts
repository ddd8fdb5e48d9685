/**
 * A text as its words, numbers and the signs that change a number (% $ €), one space between: white space,
 * quotes, dashes, other punctuation, letters' case and escaped characters do not count.
 */
export function fold(text: string): string {
  const plain = text
    .normalize('NFKC')
    .replaceAll(/&(amp|lt|gt|quot|apos|nbsp|#39);/g, (_, name: string) => ENTITIES[name] ?? ' ')
    .toLowerCase()
    .replaceAll(/['’‘`´]/g, '');
  const words = plain.match(/\d+(?:[.,:]\d+)*|[\p{L}\p{M}]+|[%$€£¥°+]/gu) ?? [];
  return ` ${words.join(' ')} `;
}

const ENTITIES: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  '#39': "'",
};
