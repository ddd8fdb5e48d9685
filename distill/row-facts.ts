import { z } from 'zod';
import { type LengthName, lengthsOf } from '../core/stats/lengths.ts';
import { Domain, Pattern, Platform, TaskCategory } from '../core/taxonomy.ts';
import { Severity, type Trajectory } from '../core/trajectory.ts';
import type { RowTokens } from './tokens.ts';

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
  judged: z.boolean(),
  repaired: z.boolean(),
});
export type RowFacts = z.infer<typeof RowFacts>;

/** @param findings the different ones of today's checks over the row as it is written */
export function factsOf(
  row: Trajectory,
  findings: RowFacts['findings'],
  { tokens, trained }: RowTokens,
): RowFacts {
  return {
    tokens,
    trained,
    lengths: lengthsOf(row),
    licence: row.source.licence,
    platform: row.tags?.platform ?? null,
    domains: [...new Set(row.tags?.domains)],
    task: row.tags?.task ?? null,
    patterns: [...new Set(row.patterns.found)],
    findings,
    judged: row.judge !== null,
    repaired: row.repair !== null,
  };
}
