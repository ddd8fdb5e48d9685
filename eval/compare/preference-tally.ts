import type { PairedSums } from '../../core/stats/bootstrap.ts';
import { wilson } from '../../core/stats/wilson.ts';
import type { Difference, Preference } from './comparison.ts';
import { type DrawSettings, differencesOf } from './differences.ts';
import type { PreferenceAnswer } from './preference-prompt.ts';

type Winner = PreferenceAnswer['winner'];

/** What a judge said of a pair: once with A first, once with B first. */
interface BothOrders {
  aFirst: Winner;
  bFirst: Winner;
}

type Outcome = 'a' | 'b' | 'tie' | 'inconsistent';

/** Counts what a judge prefers, and whether it prefers a place. */
export class PreferenceTally {
  readonly #outcomes: Outcome[] = [];
  readonly #unreadable: Preference['unreadable'] = [];
  #first = 0;
  #decided = 0;

  get judged(): number {
    return this.#outcomes.length;
  }

  add(orders: BothOrders): void {
    for (const winner of [orders.aFirst, orders.bFirst]) {
      if (winner === 'tie') continue;
      this.#decided += 1;
      if (winner === 'first') this.#first += 1;
    }
    this.#outcomes.push(outcomeOf(orders));
  }

  addUnreadable(passage: string, reason: string): void {
    this.#unreadable.push({ passage, reason });
  }

  report(
    draw: DrawSettings,
  ): Pick<
    Preference,
    'judged' | 'a_wins' | 'b_wins' | 'ties' | 'inconsistent' | 'net' | 'first_place' | 'unreadable'
  > {
    const count = (outcome: Outcome) => this.#outcomes.filter((one) => one === outcome).length;
    return {
      judged: this.judged,
      a_wins: count('a'),
      b_wins: count('b'),
      ties: count('tie'),
      inconsistent: count('inconsistent'),
      net: netOf(this.#outcomes, draw),
      first_place: this.#decided === 0 ? NO_SHARE : wilson(this.#first, this.#decided),
      unreadable: this.#unreadable,
    };
  }
}

/** JSON has no NaN. */
const NO_SHARE = { part: 0, whole: 0, share: 0, low: 0, high: 1 };

/** A row wins where it wins in both places; the same place twice is a word about the place alone. */
function outcomeOf({ aFirst, bFirst }: BothOrders): Outcome {
  if (aFirst === 'tie' || bFirst === 'tie') return 'tie';
  if (aFirst === bFirst) return 'inconsistent';
  return aFirst === 'first' ? 'a' : 'b';
}

function netOf(outcomes: readonly Outcome[], draw: DrawSettings): Difference {
  const half = (outcome: Outcome) => (outcome === 'tie' || outcome === 'inconsistent' ? 0.5 : 0);
  const ones = Float64Array.from(outcomes, () => 1);
  const sums: PairedSums = {
    aNumerator: Float64Array.from(outcomes, (one) => (one === 'a' ? 1 : half(one))),
    bNumerator: Float64Array.from(outcomes, (one) => (one === 'b' ? 1 : half(one))),
    aDenominator: ones,
    bDenominator: ones,
  };
  const measure = {
    group: 'judge',
    name: 'preferred',
    title: 'preferred (half of each tie), of pairs',
    unit: 'share',
    better: 'higher',
  } as const;
  const [net] = differencesOf([measure], [sums], draw);
  if (net === undefined) throw new Error('one measure has one difference');
  return net;
}
