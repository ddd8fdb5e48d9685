import { z } from 'zod';
import { type LengthName, lengthsOf } from '../core/stats/lengths.ts';
import { Domain, Pattern, Platform, TaskCategory } from '../core/taxonomy.ts';
import { Severity, type Trajectory } from '../core/trajectory.ts';
import type { RowMeasure } from './select/measure.ts';

const Count = z.number().int().nonnegative();

/** What the datasheet needs of a row that was kept; it stands in decisions.jsonl, so that a row can leave again. */
export const RowFacts = z.object({
  tokens: Count,
  trained: Count,
  lengths: z.object({
    messages: Count,
    turns: Count,
    tools: Count,
    calls: Count,
    distinct_tools_called: Count,
  } satisfies Record<LengthName, typeof Count>),
  licence: z.string().nullable(),
  /** null where no filter was asked: rows of a synthesizer. */
  platform: Platform.nullable(),
  domains: z.array(Domain),
  task: TaskCategory.nullable(),
  patterns: z.array(Pattern),
  findings: z.array(z.tuple([Severity, z.string()])),
  /** Passed by a judge. */
  judged: z.boolean(),
  repaired: z.boolean(),
  /** Turned down in its run, and here by a person's mark. */
  by_person: z.boolean().default(false),
  /** Kinds and numbers of personal data (`email 2, phone 1`), as flagged or as masked; null where there was none. */
  personal: z.string().nullable().default(null),
});
export type RowFacts = z.infer<typeof RowFacts>;

/** What the first reading found in a row, beside its measure. */
export interface Surveyed {
  measure: RowMeasure;
  /** Tokens under the loss; all of them are in `measure`. */
  trained: number;
  /** The different ones of today's checks over the row as it is written. */
  findings: RowFacts['findings'];
}

export function factsOf(row: Trajectory, { measure, trained, findings }: Surveyed): RowFacts {
  return {
    tokens: measure.tokens ?? 0,
    trained,
    lengths: lengthsOf(row),
    licence: row.source.licence,
    platform: row.tags?.platform ?? null,
    domains: [...new Set(row.tags?.domains)],
    task: row.tags?.task ?? null,
    patterns: [...new Set(row.patterns.found)],
    findings,
    judged: measure.judge === 'passed',
    repaired: row.repair !== null,
    by_person: 'rejected_by' in row,
    personal: measure.personal,
  };
}
