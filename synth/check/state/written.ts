import { snakeCase } from '../grounding/argument-kind.ts';
import { type Leaf, pathOf, type Scalar } from '../grounding/leaves.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';
import { isId } from './identity.ts';
import { quoted, sameValue } from './rereads.ts';

interface Written {
  value: Scalar;
  exchange: Exchange;
  /** The id under which it was written. */
  id: Leaf;
}

/** What was written, by id and name. */
type ById = Map<string, Map<string, Written>>;

/**
 * A write said that it succeeded, and its own result or a later read of the same record has another
 * value under the same name. Members of lists are not compared, nor what a later write touched.
 */
export function lostWrites(row: Row): Hit[] {
  const written: ById = new Map();
  const hits: Hit[] = [];
  for (const exchange of exchangesOf(row)) {
    if (!exchange.read) {
      // A further write to the same id may change anything of it.
      for (const { value } of exchange.args.filter(isId)) written.delete(String(value));
      if (exchange.failed) continue;
      remember(written, exchange);
      hits.push(...badEchoes(exchange));
    }
    if (!exchange.failed) hits.push(...disagreements(exchange, written));
  }
  return hits;
}

/** What a write's own result says of its arguments; a result with an id is looked at with the records. */
function badEchoes({ call, args, message, result }: Exchange): Hit[] {
  const echoes = (result?.leaves ?? []).filter(({ branch }) => branch?.parent === null);
  const ids = new Set(args.filter(isId).map(({ value }) => String(value)));
  if (echoes.some((leaf) => isId(leaf) && ids.has(String(leaf.value)))) return [];
  return echoes.flatMap((leaf): Hit[] => {
    const given = args.find(({ key, branch }) => key === leaf.key && branch?.parent === null);
    if (given === undefined || isId(leaf) || /status|message|result|error/.test(leaf.key))
      return [];
    if (typeof given.value !== typeof leaf.value || sameValue(given.value, leaf.value)) return [];
    const text = `${shorten(leaf.key, 40)} is ${quoted(leaf.value)}, and ${shorten(call.name, 64)} wrote ${quoted(given.value)}`;
    return [{ message_index: message, path: pathOf(leaf.branch), text }];
  });
}

function disagreements(exchange: Exchange, written: ById): Hit[] {
  const { result, message } = exchange;
  const members = (result?.leaves ?? []).filter(({ branch }) => typeof branch?.at === 'string');
  const ids = new Map<unknown, Leaf[]>();
  for (const leaf of members) {
    if (!isId(leaf)) continue;
    const holder = leaf.branch?.parent;
    ids.set(holder, [...(ids.get(holder) ?? []), leaf]);
  }
  return members.flatMap((leaf): Hit[] => {
    if (isId(leaf)) return [];
    for (const id of ids.get(leaf.branch?.parent) ?? []) {
      const known = written.get(String(id.value))?.get(leaf.key);
      if (known === undefined || typeof known.value !== typeof leaf.value) continue;
      if (sameValue(known.value, leaf.value) || !isSameRecord(known, id, exchange)) continue;
      const text = `${shorten(String(id.value), 40)}: ${shorten(leaf.key, 40)} is ${quoted(leaf.value)}, and ${shorten(known.exchange.call.name, 64)} wrote ${quoted(known.value)} in message ${known.exchange.call.message}`;
      return [{ message_index: message, path: pathOf(leaf.branch), text }];
    }
    return [];
  });
}

/** What a write sets: each plain argument for the record that its result makes, else for each id among its arguments. */
function remember(written: ById, exchange: Exchange): void {
  const plain = exchange.args.filter(isTop);
  const values = plain.filter((leaf) => !isId(leaf));
  const given = plain.filter(isId);
  const made = given.length === 0 || MAKES.test(exchange.call.name) ? madeIds(exchange, given) : [];
  for (const id of made.length > 0 ? made : given) {
    const entries = values.map(({ key, value }): [string, Written] => [
      key,
      { value, exchange, id },
    ]);
    written.set(String(id.value), new Map(entries));
  }
}

/** Tools whose result is a new record, which the ids of the call (a customer's) are not. */
const MAKES =
  /^(?:add|book|buy|create|file|make|new|open|order|place|post|purchase|register|request|reserve|schedule|start|submit)(?:_|$|[A-Z])/;

/** The ids at the top of a write's result that the call did not name: those of what it made. */
function madeIds({ result }: Exchange, given: readonly Leaf[]): Leaf[] {
  const known = new Set(given.map(({ value }) => String(value)));
  const top = (result?.leaves ?? []).filter((leaf) => isTop(leaf) && isId(leaf));
  const made = top.filter(({ value }) => !known.has(String(value)));
  // Several new ids: the first is the record's, the others are what it refers to.
  return made.slice(0, 1);
}

function isTop({ branch }: Leaf): boolean {
  return branch?.parent === null;
}

/** A short id may be one of another kind of record: then the names of the ids, or of the tools, must meet. */
function isSameRecord({ id: own, exchange }: Written, id: Leaf, later: Exchange): boolean {
  if (own.key === id.key) return true;
  const [a, b] = [stemOf(own.key), stemOf(id.key)];
  if (a !== '' && b !== '') return a === b;
  if (String(id.value).length >= LONG_ID) return true;
  const words = new Set(snakeCase(exchange.call.name).split('_').slice(1));
  return snakeCase(later.call.name)
    .split('_')
    .slice(1)
    .some((word) => words.has(word));
}

const LONG_ID = 4;

function stemOf(key: string): string {
  return snakeCase(key).replace(/_?(?:id|number|no|code)$/, '');
}
