import { type Quantity, quantitiesIn } from '../../../core/text/quantities.ts';
import type { RowMessage } from '../row.ts';

/** What only an id looks like: HAT136, M05KNL, #W4410, mia_li_3668, EN-6677, 3358616356, an e-mail address. */
const ID =
  /(?<![\w@#./:-])(?:#[A-Z]{0,3}\d{3,}|[A-Z]{1,4}-?\d{3,}|(?=[A-Z0-9]{0,5}\d)(?=\d{0,5}[A-Z])[A-Z0-9]{6}|[a-z]+(?:_[a-z]+)*_\d{3,}|\d{7,15}|[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,3})(?![\w@-]|\.\d|\.[a-z])/g;

const quantities = new WeakMap<RowMessage, readonly Quantity[]>();
const ids = new WeakMap<RowMessage, readonly { id: string; start: number }[]>();

/** The numbers in a message's text, read once for all checks. */
export function quantitiesOf(message: RowMessage): readonly Quantity[] {
  const known = quantities.get(message) ?? quantitiesIn(message.content);
  quantities.set(message, known);
  return known;
}

/** The ids in a message's text, read once for all checks. */
export function idsOf(message: RowMessage): readonly { id: string; start: number }[] {
  const known = ids.get(message) ?? idsIn(message.content);
  ids.set(message, known);
  return known;
}

/** The ids that a text names, with where they stand. */
export function idsIn(text: string): { id: string; start: number }[] {
  return [...text.matchAll(ID)].map((match) => ({ id: match[0], start: match.index }));
}
