import { sha256 } from '../../core/hash.ts';
import { RequestFailedError } from '../../core/llm/engine.ts';
import type { WorkUnit } from '../run-corpus.ts';
import type { SessionJob } from '../session.ts';
import type { BatchRounds } from './rounds.ts';

interface UnitsInBatches<Unit> {
  /** The units from the first on, anew with each call. */
  units: () => AsyncIterable<Unit>;
  /** How many of them are looked at. */
  limit: number | undefined;
  /** How many may wait at a time: no more than a target needs. */
  most: () => number;
}

/** What of a session's job differs in batches: its units are gone over once a round, until each has ended or failed. */
export function inBatches<Unit extends WorkUnit>(
  rounds: BatchRounds,
  work: SessionJob<Unit>['work'],
  { units, limit, most }: UnitsInBatches<Unit>,
): Pick<SessionJob<Unit>, 'rounds' | 'units' | 'limit' | 'work'> {
  const { over } = rounds;
  async function* once(): AsyncGenerator<Unit> {
    let seen = 0;
    for await (const unit of units()) {
      if (rounds.waiting >= most()) return;
      seen += 1;
      if (!over.has(sha256(unit.id))) yield unit;
      if (seen === limit) return;
    }
  }
  return {
    rounds,
    units: { [Symbol.asyncIterator]: once },
    limit: undefined,
    work: async (unit, asker) => {
      try {
        const end = await work(unit, asker);
        over.add(sha256(unit.id));
        return end;
      } catch (error) {
        if (error instanceof RequestFailedError) over.add(sha256(unit.id));
        throw error;
      }
    },
  };
}
