import { timeOf } from '../../../core/text/dates.ts';
import { dayOf } from '../../../core/text/dates-calendar.ts';
import type { Leaf } from './leaves.ts';
import type { ArgumentSchema } from './schema-node.ts';

/** What an argument is to be traced as. */
export type ArgumentKind =
  | 'id'
  | 'name'
  | 'date'
  | 'time'
  | 'contact'
  | 'number'
  | 'expression'
  | 'boolean'
  | 'code'
  | 'empty'
  | 'text';

/** Tells what an argument is by its value's shape, its key and what the schema says of it. */
export function argumentKind(
  { value, key }: Pick<Leaf, 'value' | 'key'>,
  schema: ArgumentSchema,
): ArgumentKind {
  if (typeof value === 'boolean') return 'boolean';
  const name = snakeCase(key);
  if (typeof value === 'number')
    return ID_KEY.test(name) || SERIAL_KEY.test(name) ? 'id' : 'number';
  const text = value.trim();
  if (text === '' || !/[\p{L}\p{N}]/u.test(text)) return 'empty';
  if (text.length > 200) return 'text';
  return shapeOf(text, name) ?? idKind(text, name, schema) ?? wordKind(text, name);
}

/** `orderId`, `Order-ID` and `order_id` are one key. */
export function snakeCase(key: string): string {
  return key
    .slice(0, 100)
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .replace(/[^A-Za-z\d]+/g, '_')
    .toLowerCase();
}

const ID_KEY = /(?:^|_)(?:ids?|uuids?|guids?|skus?|isbn|iban|vin)$/;
const SERIAL_KEY =
  /[a-z]_(?:numbers?|no|nr|codes?|refs?|references?|tokens?|keys?)$|(?:^|_)(?:zip|zip_?code|postcode|postal_code|username|user_name|password|passcode|pin|token|secret|login|handle)$/;
const QUANTITY_KEY = /(?:^|_)(?:count|total|quantity|amount|house|room|max|min|page|limit)_/;

function shapeOf(text: string, name: string): ArgumentKind | undefined {
  if (/^[^\s@]{1,64}@[^\s@]{1,100}\.[a-z]{2,24}$/i.test(text)) return 'contact';
  if (/^\+?[\d ().-]{7,20}$/.test(text) && /phone|mobile|tel|fax|contact/.test(name))
    return 'contact';
  if (dayOf(text) !== undefined && text.length <= 35) return 'date';
  if (timeOf(text) !== undefined) return 'time';
  if (/^[-+]?\d+(?:[.,]\d+)*$/.test(text)) {
    const digits = text.replace(/\D/g, '').length;
    const isId = ID_KEY.test(name) || (SERIAL_KEY.test(name) && !QUANTITY_KEY.test(name));
    return isId || (/^\d+$/.test(text) && digits >= 5) ? 'id' : 'number';
  }
  return /^[\d\s.,+\-*/()%^]+$/.test(text) && /\d\s*[-+*/%^]/.test(text) ? 'expression' : undefined;
}

/** Ids have no spaces; they have digits among letters, or a key or description that calls them ids. */
function idKind(text: string, name: string, { description }: ArgumentSchema): 'id' | undefined {
  if (/\s/.test(text) || text.length < 2 || /\.[a-z]{1,5}$|^[./~]|:\/\//i.test(text))
    return undefined;
  const mixed = /\d/.test(text) && /\p{L}/u.test(text);
  if (ID_KEY.test(name)) return mixed || text.length > 3 ? 'id' : undefined;
  if (SERIAL_KEY.test(name)) return mixed || /_/.test(text) ? 'id' : undefined;
  if (/^[A-Z]{1,5}-?\d{3,}$|^[0-9a-f]{8}-[0-9a-f]{4}-|^[a-z]+(?:_[a-z]+)*_\d{3,}$/.test(text))
    return 'id';
  const named = /\b(?:ids?|identifier|uuid)\b/i.test(description.slice(0, 200));
  return mixed && named ? 'id' : undefined;
}

const PERSON_KEY =
  /^(?:first|last|full|middle|given|family|maiden|sur)_?name$|(?:^|_)(?:surname|(?:customer|user|passenger|guest|patient|client|traveller|traveler|contact|recipient|cardholder|account_holder|driver|doctor|person)(?:_(?:first|last|full))?_name)$|_(?:first|last)_name$/;

function wordKind(text: string, name: string): ArgumentKind {
  if (PERSON_KEY.test(name) && text.length <= 80 && !/\d/.test(text)) return 'name';
  return /^[A-Z]{2,5}$/.test(text) ? 'code' : 'text';
}
