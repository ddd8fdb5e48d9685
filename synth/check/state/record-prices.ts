import { snakeCase } from '../grounding/argument-kind.ts';
import type { Branch, Leaf } from '../grounding/leaves.ts';
import type { Sight } from '../grounding/sight.ts';

/** A price in a result, for the record that it stands in. */
export interface RecordPrice {
  value: number;
  /** The words of its member name: `basic_economy` are two. */
  words: readonly string[];
  message: number;
}

const PRICE = /(?:^|_)(?:prices?|fares?|costs?|fees?)(?:_|$)|^total(?:_amount)?$/;
const MAX_PRICES = 20_000;
const MAX_ID = 60;

/** The prices that results give for a record, by the ids that stand beside them or right above. */
export class RecordPrices {
  readonly #sight: Sight;
  #byId: Map<string, RecordPrice[]> | undefined;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  /** Those of results before a message. */
  of(id: string, before: number): RecordPrice[] {
    this.#byId ??= this.#read();
    return this.#byId.get(id)?.filter(({ message }) => message < before) ?? [];
  }

  #read(): Map<string, RecordPrice[]> {
    const found = new Map<string, RecordPrice[]>();
    let left = MAX_PRICES;
    for (const { leaves, message } of this.#sight.results.values()) {
      const ids = idsByHolder(leaves);
      for (const leaf of leaves) {
        if (typeof leaf.value !== 'number' || !isPrice(leaf) || left <= 0) continue;
        left -= 1;
        const price = { value: leaf.value, words: snakeCase(leaf.key).split('_'), message };
        for (const id of idsOf(leaf, ids)) append(found, id, price);
      }
    }
    return found;
  }
}

/** By its own name, or by that of the object it stands in: prices: {economy: 174}. */
function isPrice({ key, branch }: Leaf): boolean {
  const holder = branch?.parent?.at;
  return (
    PRICE.test(snakeCase(key)) || (typeof holder === 'string' && PRICE.test(snakeCase(holder)))
  );
}

function idsOf({ branch }: Leaf, ids: ReadonlyMap<Branch | null, string[]>): string[] {
  const object = branch?.parent ?? null;
  return ids.get(object) ?? (object === null ? [] : (ids.get(object.parent) ?? []));
}

function idsByHolder(leaves: readonly Leaf[]): Map<Branch | null, string[]> {
  const found = new Map<Branch | null, string[]>();
  for (const { value, branch } of leaves) {
    if (typeof value === 'string' && value.length <= MAX_ID && /\d/.test(value))
      append(found, branch?.parent ?? null, value);
  }
  return found;
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const known = lists.get(key);
  if (known === undefined) lists.set(key, [value]);
  else known.push(value);
}
