/** A piece of HTML. Only `html` makes one, so whatever else is put into a page is text and is escaped. */
class Markup {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

export type { Markup };

/** What may stand in a template: nothing is shown for null and false, lists are joined. */
export type Content = Markup | string | number | null | false | undefined | readonly Content[];

/** HTML from a template of ours; every value in it is escaped unless it is markup itself. */
export function html(parts: TemplateStringsArray, ...values: Content[]): Markup {
  const pieces = [parts[0] ?? ''];
  values.forEach((value, index) => {
    pieces.push(sourceOf(value), parts[index + 1] ?? '');
  });
  return new Markup(pieces.join(''));
}

/** Text of ours that is not escaped: for the style sheet, which may hold `>` and quotes. */
export function trusted(source: string): Markup {
  return new Markup(source);
}

function sourceOf(value: Content): string {
  if (value === null || value === undefined || value === false) return '';
  if (value instanceof Markup) return value.source;
  if (typeof value === 'string') return escapeText(value);
  return typeof value === 'number' ? String(value) : value.map(sourceOf).join('');
}

const NAMES: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/**
 * A text for element content or a quoted attribute. Control characters and those that turn the direction of text
 * are shown instead of obeyed; half of a surrogate pair becomes the replacement character.
 */
export function escapeText(text: string): string {
  return visible(text).replace(/[&<>"']/g, (character) => NAMES[character] ?? character);
}

/** A text in which nothing acts unseen: controls as pictures, direction marks by their number. */
export function visible(text: string): string {
  return text
    .replace(/\r\n/g, '\n')
    .replace(/\p{Surrogate}/gu, '\uFFFD')
    .replace(/[\p{Cc}\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069\uFEFF\uFFFE\uFFFF]/gu, shown);
}

function shown(character: string): string {
  const code = character.charCodeAt(0);
  if (character === '\n' || character === '\t') return character;
  if (code < 0x20) return String.fromCharCode(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `[U+${code.toString(16).toUpperCase().padStart(4, '0')}]`;
}
