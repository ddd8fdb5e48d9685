import { jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { type Branch, type Leaf, leavesOf } from '../grounding/leaves.ts';
import type { Sight } from '../grounding/sight.ts';
import type { RowMessage } from '../row.ts';

/** The ids that were named last: what a total is about. */
const MAX_NAMED = 8;
const MAX_RUN = 5;
const MAX_COUNT = 5;
const MAX_RECORDS = 20_000;

/** The numbers that stand beside ids in results, for totals over the records that a text names. */
export class RecordNumbers {
  readonly #sight: Sight;
  #byId: Map<string, Leaf[]> | undefined;
  #named: string[] = [];

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  /** Remembers the ids that calls and texts name. */
  name(id: string): void {
    this.#named = [...this.#named.filter((known) => known !== id), id].slice(-MAX_NAMED);
  }

  nameArguments({ calls }: RowMessage): void {
    for (const { text } of calls) {
      for (const { value } of leavesOf(jsonOrUndefined(text)))
        if (typeof value === 'string' && value.length < 60) this.name(value);
    }
  }

  /**
   * The totals that the records named last give: for each member name (economy, price) the sums over
   * the last ones, and these times small counts (passengers); in cents.
   */
  totals(): Set<number> {
    const found = new Set<number>();
    const byKey = new Map<string, number[]>();
    for (const id of this.#named.toReversed()) {
      const own = new Map<string, number>();
      for (const { key, value } of this.#records().get(id) ?? []) own.set(key, Number(value));
      for (const [key, value] of own) byKey.set(key, [...(byKey.get(key) ?? []), value]);
    }
    for (const values of byKey.values()) {
      let sum = 0;
      for (const value of values.slice(0, MAX_RUN)) {
        sum += value;
        for (let count = 1; count <= MAX_COUNT; count += 1)
          for (const base of [sum, value]) found.add(Math.round(base * count * 100));
      }
    }
    return found;
  }

  /** Number leaves by the ids of the objects that they stand in, or right below. */
  #records(): Map<string, Leaf[]> {
    if (this.#byId !== undefined) return this.#byId;
    this.#byId = new Map();
    for (const { leaves } of this.#sight.results.values()) {
      const ids = idsByObject(leaves);
      for (const leaf of leaves) {
        if (typeof leaf.value !== 'number' || this.#byId.size > MAX_RECORDS) continue;
        const object = leaf.branch?.parent ?? null;
        // The object itself and the one around it: prices: {economy: 174} of a flight.
        const holders = object === null ? [object] : [object, object.parent];
        for (const id of holders.flatMap((holder) => ids.get(holder) ?? []))
          add(this.#byId, id, leaf);
      }
    }
    return this.#byId;
  }
}

function add(byId: Map<string, Leaf[]>, id: string, leaf: Leaf): void {
  const known = byId.get(id);
  if (known === undefined) byId.set(id, [leaf]);
  else known.push(leaf);
}

function idsByObject(leaves: readonly Leaf[]): Map<Branch | null, string[]> {
  const found = new Map<Branch | null, string[]>();
  for (const { value, branch } of leaves) {
    if (typeof value !== 'string' || value.length > 60 || !/\d/.test(value)) continue;
    const holder = branch?.parent ?? null;
    const known = found.get(holder);
    if (known === undefined) found.set(holder, [value]);
    else if (known.length < 8) known.push(value);
  }
  return found;
}
