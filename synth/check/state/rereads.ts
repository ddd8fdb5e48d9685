import { nearly } from '../../../core/text/quantities.ts';
import { type Leaf, pathOf, type Scalar } from '../grounding/leaves.ts';
import { shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';
import { type Exchange, exchangesOf } from './exchanges.ts';

/** What changes by itself, without anybody writing it. */
const VOLATILE =
  /time|stamp|updated|modified|accessed|now|today|uptime|token|nonce|request_id|eta|position|latitude|longitude|location|speed|random/i;
const MAX_HITS = 5;

/** The same call of a reading tool gives another value than before, and nothing was written in between. */
export function changedRereads(row: Row): Hit[] {
  const latest = new Map<string, Exchange>();
  const writes = new Writes();
  const hits: Hit[] = [];
  for (const exchange of exchangesOf(row)) {
    if (!exchange.read) {
      writes.add(exchange);
      continue;
    }
    if (exchange.failed || exchange.result === undefined) continue;
    const earlier = latest.get(exchange.signature);
    latest.set(exchange.signature, exchange);
    if (earlier === undefined || writes.touchedSince(earlier, exchange)) continue;
    hits.push(...differences(earlier, exchange));
  }
  return hits;
}

function differences(earlier: Exchange, later: Exchange): Hit[] {
  const before = new Map<string, Scalar>();
  for (const leaf of earlier.result?.leaves ?? []) before.set(pathOf(leaf.branch), leaf.value);
  const changed = (later.result?.leaves ?? []).flatMap((leaf): Hit[] => {
    const path = pathOf(leaf.branch);
    const value = before.get(path);
    if (value === undefined || VOLATILE.test(leaf.key) || sameValue(value, leaf.value)) return [];
    const text = `${shorten(leaf.key, 40)} is ${quoted(leaf.value)}, and was ${quoted(value)} in message ${earlier.message}; nothing was written in between`;
    return [{ message_index: later.message, path, text }];
  });
  // Another order of a list, or other members, changes nearly everything: that is one finding.
  return changed.slice(0, MAX_HITS);
}

/** The same value as numbers or as texts, whatever the case. */
export function sameValue(a: Scalar, b: Scalar): boolean {
  if (typeof a === 'number' && typeof b === 'number') return nearly(a, b);
  return String(a).trim().toLowerCase() === String(b).trim().toLowerCase();
}

export function quoted(value: Scalar): string {
  return shorten(JSON.stringify(value), 60);
}

/** The writes so far, by the values that they name: what such a value belongs to may have changed. */
export class Writes {
  readonly #latest = new Map<string, number>();
  #untold = -1;

  add({ args, message }: Exchange): void {
    const names = args.filter(isName);
    for (const { value } of names) this.#latest.set(String(value), message);
    if (names.length === 0) this.#untold = message;
  }

  /** Whether a write after an earlier exchange named anything that one of the two results or calls holds. */
  touchedSince(earlier: Exchange, later: Exchange): boolean {
    if (this.#untold > earlier.message) return true;
    const named = [earlier.args, later.args, earlier.result?.leaves, later.result?.leaves];
    return named.some((leaves) =>
      leaves?.some((leaf) => (this.#latest.get(String(leaf.value)) ?? -1) > earlier.message),
    );
  }
}

/** Ids and the like: short texts with a digit, long numbers. */
function isName({ value }: Leaf): boolean {
  if (typeof value === 'number') return value >= 100;
  return typeof value === 'string' && value.length >= 3 && value.length < 80;
}
