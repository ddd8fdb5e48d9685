import { nearly } from '../../../core/text/quantities.ts';
import type { Branch, Leaf } from './leaves.ts';
import type { Place } from './phrase-index.ts';
import type { SeenNumber, Sight } from './sight.ts';

const MONEY_KEY =
  /price|amount|total|cost|fee|balance|rate|fare|charge|due|credit|debit|paid|refund|deposit|value|sum|budget|limit/i;
/** Latest numbers of each kind: with more of them, chance gives almost any small number. */
const MAX_POOL = 7;
const MAX_COUNT = 12;

const FACTORS: readonly (readonly [RegExp, number])[] = [
  [/\b(?:double|twice)\b/i, 2],
  [/\b(?:triple|thrice)\b/i, 3],
  [/\b(?:half|halve)\b/i, 0.5],
];

/** Looks whether numbers were worked out from few others that belong to the call; for what is not in sight itself. */
export class Sums {
  readonly #sight: Sight;
  /** How many searches are left: each goes through the results once. */
  #left = 40;

  constructor(sight: Sight) {
    this.#sight = sight;
  }

  /**
   * A number that the sum, difference, product or percentage of values in sight gives: those of the
   * user and of plain texts, those that stand in a result beside a value of the call (the price of the
   * flight it names), and those of the call itself. So few that chance seldom gives a number. What the tool
   * `told` (it holds up to 50) counts for what is left of it.
   */
  match(
    value: number,
    args: readonly Leaf[],
    leaf: Leaf,
    before: number,
    told: readonly number[] = [],
  ): Place | undefined {
    if (this.#left <= 0) return undefined;
    this.#left -= 1;
    const pool = this.#pool(args, before);
    const rest = this.#restOf(value, told, before) ?? this.#multiple(value, before);
    if (rest !== undefined) return rest;
    const counts = countsOf(args);
    const total = siblingTotal(args, leaf);
    for (const wanted of total === undefined ? [value] : [value, total]) {
      const seen =
        pool.find((known) => nearly(known.value, wanted)) ?? combination(wanted, pool, counts);
      if (seen !== undefined) return seen.place;
    }
    return undefined;
  }

  /** What the tool told less what a result or the user said last. */
  #restOf(value: number, told: readonly number[], before: number): Place | undefined {
    if (told.length === 0) return undefined;
    const last = [...this.#sight.numbers(before)].slice(-MAX_POOL);
    return last.find((seen) => told.some((own) => nearly(own - seen.value, value)))?.place;
  }

  /** "Twice as much": what was last heard or returned, times what a word of the user says. */
  #multiple(value: number, before: number): Place | undefined {
    const factors = [...this.#sight.heardTexts(before)].flatMap((text) =>
      FACTORS.filter(([word]) => word.test(text)).map(([, factor]) => factor),
    );
    if (factors.length === 0) return undefined;
    const last = [...this.#sight.numbers(before)].slice(-MAX_POOL);
    return last.find((seen) => factors.some((factor) => nearly(seen.value * factor, value)))?.place;
  }

  #pool(args: readonly Leaf[], before: number): SeenNumber[] {
    const texts = new Set(args.flatMap(({ value }) => (typeof value === 'string' ? [value] : [])));
    const found = new Map<number, SeenNumber>();
    const add = (seen: SeenNumber): void => {
      if (Math.abs(seen.value) > 1 && !found.has(seen.value)) found.set(seen.value, seen);
    };
    for (const seen of [...this.#sight.heard(before)].slice(-MAX_POOL)) add(seen);
    const related = this.#related(texts, before);
    const beside: SeenNumber[] = [];
    for (const seen of this.#sight.numbers(before)) {
      const { branch } = seen.place.origin;
      const near = texts.has(seen.key) || MONEY_KEY.test(seen.key);
      if (near && branch && isBelow(branch, related)) beside.push(seen);
    }
    for (const seen of beside.slice(-MAX_POOL)) add(seen);
    return [...found.values()];
  }

  /** The objects of results that hold a text of the call. */
  #related(texts: ReadonlySet<string>, before: number): Set<Branch> {
    const found = new Set<Branch>();
    for (const { message, leaves } of this.#sight.results.values()) {
      if (message >= before) break;
      for (const { value, branch } of leaves) {
        if (typeof value === 'string' && value.length > 2 && texts.has(value) && branch?.parent)
          found.add(branch.parent);
      }
    }
    return found;
  }
}

function isBelow(branch: Branch, holders: ReadonlySet<Branch>): boolean {
  for (let at: Branch | null = branch; at !== null; at = at.parent)
    if (holders.has(at)) return true;
  return false;
}

/** How many members the lists of a call have: what a price is multiplied by. */
function countsOf(args: readonly Leaf[]): number[] {
  const counts = new Map<Branch | null, number>();
  for (const { branch } of args) {
    for (let at = branch; at !== null; at = at.parent) {
      if (typeof at.at !== 'number') continue;
      counts.set(at.parent, Math.max(counts.get(at.parent) ?? 0, at.at + 1));
    }
  }
  return [...new Set(counts.values())].filter(
    (count) => Number.isInteger(count) && count > 1 && count <= MAX_COUNT,
  );
}

/** The total of a member over its list: the parts of a payment add up to what was asked. */
function siblingTotal(args: readonly Leaf[], { key, branch }: Leaf): number | undefined {
  const list = branch?.parent?.parent;
  if (!list) return undefined;
  const parts = args.filter((other) => other.key === key && typeof other.value === 'number');
  if (parts.length < 2) return undefined;
  return parts.reduce((sum, { value }) => sum + Number(value), 0);
}

function combination(
  value: number,
  pool: readonly SeenNumber[],
  counts: readonly number[],
): SeenNumber | undefined {
  const all = pool.reduce((sum, seen) => sum + seen.value, 0);
  for (const [at, a] of pool.entries()) {
    if (counts.some((count) => nearly(a.value * count, value))) return a;
    for (const b of pool.slice(at + 1)) {
      if (nearly(a.value + b.value, value) || nearly(Math.abs(a.value - b.value), Math.abs(value)))
        return a;
      if (counts.some((count) => nearly((a.value + b.value) * count, value))) return a;
      if (isShare(a, b, value) || isShare(b, a, value)) return a;
    }
  }
  return pool.length > 2 && nearly(all, value) ? pool[0] : undefined;
}

/** A percentage of a value, or the value changed by it; to the cent. */
function isShare(base: SeenNumber, share: SeenNumber, value: number): boolean {
  if (share.quantity?.unit !== '%') return false;
  const part = (base.value * share.value) / 100;
  return [part, base.value + part, base.value - part].some(
    (result) => Math.abs(result - value) < 0.0051,
  );
}
