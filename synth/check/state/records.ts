import { dayOf } from '../../../core/text/dates-calendar.ts';
import { snakeCase } from '../grounding/argument-kind.ts';
import { type Branch, type Leaf, pathOf } from '../grounding/leaves.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';
import { isId } from './identity.ts';
import { quoted, sameValue, Writes } from './rereads.ts';

const VOLATILE =
  /time|stamp|updated|modified|accessed|count|rank|score|distance|index|total_(?:results|pages|hits)/i;
/** What such a tool calls a status is its own outcome, not the record's. */
const VERDICTS = /^(?:check|verify|validate|confirm|inspect|compare)(?:_|$)/i;
const OUTCOME = /^(?:status|state|result|outcome|verdict|message)$/i;

interface Known {
  leaf: Leaf;
  exchange: Exchange;
}

/** The same record, by its ids, has another value in the result of another tool, with no write in between. */
export function changedRecords(row: Row): Hit[] {
  const known = new Map<string, Known>();
  const writes = new Writes();
  const hits: Hit[] = [];
  for (const exchange of exchangesOf(row)) {
    if (!exchange.read) writes.add(exchange);
    if (exchange.failed) continue;
    for (const { identity, fields } of recordsOf(exchange)) {
      for (const leaf of fields) {
        const key = `${identity} ${leaf.key}`;
        const earlier = known.get(key);
        known.set(key, { leaf, exchange });
        if (earlier === undefined || !differs(earlier, { leaf, exchange })) continue;
        if (!writes.touchedSince(earlier.exchange, exchange))
          hits.push(hit(identity, earlier, { leaf, exchange }));
      }
    }
  }
  return hits;
}

/** Only what other tools read is compared here: for equal calls there is reread_differs. */
function differs(earlier: Known, later: Known): boolean {
  if (!later.exchange.read || earlier.exchange.signature === later.exchange.signature) return false;
  if (typeof earlier.leaf.value !== typeof later.leaf.value) return false;
  return !sameValue(earlier.leaf.value, later.leaf.value);
}

function hit(identity: string, earlier: Known, { leaf, exchange }: Known): Hit {
  const values = `${quoted(leaf.value)}, and was ${quoted(earlier.leaf.value)}`;
  const text = `${shorten(identity)}: ${shorten(leaf.key, 40)} is ${values} in message ${earlier.exchange.message}; nothing was written in between`;
  return { message_index: exchange.message, path: pathOf(leaf.branch), text };
}

interface ResultRecord {
  identity: string;
  fields: readonly Leaf[];
}

/**
 * The records of a result: objects that have an id of their own, with their scalars. Their ids together
 * are the identity, with the holder's and the dates that were asked for: a flight has other seats on
 * another day, and an item another price in another order.
 */
function recordsOf({ call, result, args }: Exchange): ResultRecord[] {
  const asked = args
    .map(({ value }) => value)
    .filter((value) => typeof value === 'string' && dayOf(value) !== undefined);
  const byObject = membersOf(result?.leaves ?? []);
  const names = new Map<Branch | null, string>();
  for (const [object, members] of byObject) names.set(object, identityOf(members));
  return [...byObject].flatMap(([object, members]) => {
    if (!ownsId(object, members)) return [];
    const identity = [names.get(object) ?? ''];
    for (let at = object?.parent ?? null; at !== null; at = at.parent)
      identity.push(names.get(at) ?? '');
    if (object !== null) identity.push(names.get(null) ?? '');
    const fields = members.filter(
      (leaf) =>
        !isIdentity(leaf) &&
        !VOLATILE.test(leaf.key) &&
        !(VERDICTS.test(call.name) && OUTCOME.test(leaf.key)),
    );
    return [{ identity: [...identity, ...asked].filter((name) => name !== '').join(' '), fields }];
  });
}

function membersOf(leaves: readonly Leaf[]): Map<Branch | null, Leaf[]> {
  const found = new Map<Branch | null, Leaf[]>();
  for (const leaf of leaves) {
    if (typeof leaf.branch?.at !== 'string') continue;
    const members = found.get(leaf.branch.parent);
    if (members === undefined) found.set(leaf.branch.parent, [leaf]);
    else members.push(leaf);
  }
  return found;
}

function identityOf(members: readonly Leaf[]): string {
  return members
    .filter((leaf) => isIdentity(leaf))
    .map(({ key, value }) => `${key}=${String(value)}`)
    .join(' ');
}

function isIdentity(leaf: Leaf): boolean {
  if (isId(leaf)) return true;
  return typeof leaf.value === 'string' && dayOf(leaf.value) !== undefined;
}

/**
 * Whether an object's id is its own rather than a reference: it is the whole result, stands in a list
 * or map named like the id (items: item_id), or under its id as a name.
 */
function ownsId(object: Branch | null, members: readonly Leaf[]): boolean {
  const ids = members.filter(isId);
  if (ids.length === 0) return false;
  let holder = object;
  while (typeof holder?.at === 'number') holder = holder.parent;
  if (holder === null) return true;
  const name = snakeCase(String(holder.at));
  return ids.some(({ key, value }) => {
    const stem = snakeCase(key).replace(/_?(?:ids?|numbers?|no|codes?)$/, '');
    return stem === '' || String(value) === holder?.at || name === stem || name === `${stem}s`;
  });
}
