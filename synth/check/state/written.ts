import { type Leaf, pathOf, type Scalar } from '../grounding/leaves.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';
import { isId } from './identity.ts';
import { quoted, sameValue } from './rereads.ts';

interface Written {
  value: Scalar;
  exchange: Exchange;
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
      if (sameValue(known.value, leaf.value)) continue;
      const text = `${shorten(String(id.value), 40)}: ${shorten(leaf.key, 40)} is ${quoted(leaf.value)}, and ${shorten(known.exchange.call.name, 64)} wrote ${quoted(known.value)} in message ${known.exchange.call.message}`;
      return [{ message_index: message, path: pathOf(leaf.branch), text }];
    }
    return [];
  });
}

/** What a write sets: each plain argument for each id among its plain arguments. */
function remember(written: ById, exchange: Exchange): void {
  const plain = exchange.args.filter(({ branch }) => branch?.parent === null);
  const values = plain
    .filter((leaf) => !isId(leaf))
    .map(({ key, value }): [string, Written] => [key, { value, exchange }]);
  for (const { value: id } of plain.filter(isId)) written.set(String(id), new Map(values));
}
