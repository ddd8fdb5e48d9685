import { z } from 'zod';
import { RunState } from '../../core/run/manifest.ts';
import { NumberSummary } from '../../core/stats/numbers.ts';
import { Severity } from '../../core/trajectory.ts';
import { ShapeName } from './shape.ts';

const Count = z.number().int();

/** What a measure is about: the parts of the tables. */
const MeasureGroup = z.enum([
  'yield',
  'funnel',
  'judge',
  'checks',
  'findings',
  'shape',
  'patterns',
  'diversity',
  'cost',
  'memorisation',
]);

export const MeasureUnit = z.enum(['share', 'number', 'tokens', 'usd', 'seconds']);
export type MeasureUnit = z.infer<typeof MeasureUnit>;

/**
 * What can be said of a difference. `no_difference`: equal on every passage. `within_noise`: the interval holds 0, or
 * fewer than six passages differ. `higher`, `lower`: B against A. `too_few`: too few passages for an interval.
 */
export const Verdict = z.enum(['no_difference', 'within_noise', 'higher', 'lower', 'too_few']);
export type Verdict = z.infer<typeof Verdict>;

/** A measure of A and B on the same passages, and what the sample says of the difference (B less A). */
export const Difference = z.object({
  group: MeasureGroup,
  name: z.string(),
  title: z.string(),
  unit: MeasureUnit,
  /** Which is wanted; null where neither is better as such. */
  better: z.enum(['higher', 'lower']).nullable(),
  a: z.number().nullable(),
  b: z.number().nullable(),
  difference: z.number().nullable(),
  /** The 95% interval of the difference. */
  low: z.number().nullable(),
  high: z.number().nullable(),
  interval: z.enum(['bootstrap', 'jackknife']),
  /** The least true difference that this sample would show in 8 of 10 cases; null where its spread is unknown. */
  detectable: z.number().nullable(),
  /** Passages that have something to say, and those of them on which A and B differ (of groups, in large runs). */
  passages: Count,
  differing: Count,
  verdict: Verdict,
});
export type Difference = z.infer<typeof Difference>;

/** How much of A and B is compared: all shared passages, as many rows that came through, or as many tokens. */
export const ViewName = z.enum(['equal_passages', 'equal_rows', 'equal_tokens']);
export type ViewName = z.infer<typeof ViewName>;

const Extent = z.object({ passages: Count, rows: Count, tokens: z.number().nullable() });

const View = z.object({
  name: ViewName,
  a: Extent,
  b: Extent,
  differences: z.array(Difference),
});
export type View = z.infer<typeof View>;

const Share = z.object({
  part: Count,
  whole: Count,
  share: z.number(),
  low: z.number(),
  high: z.number(),
});

/** What a judge prefers, each pair asked in both orders. */
export const Preference = z.object({
  judge: z.object({ endpoint: z.string(), model: z.string(), prompt_version: Count }),
  offline: z.boolean(),
  /** Pairs that were drawn, and those of them with a readable answer in both orders. */
  pairs: Count,
  judged: Count,
  a_wins: Count,
  b_wins: Count,
  /** Called equal, in both orders or in one. */
  ties: Count,
  /** The place won, whichever row stood there: no preference for either row. */
  inconsistent: Count,
  /** Wins of B and half of all ties, less the same of A, a pair. */
  net: Difference,
  /** How often the first place won, of the answers that named a winner; one half is no bias. */
  first_place: Share,
  unreadable: z.array(z.object({ passage: z.string(), reason: z.string() })),
  /** Why not all were judged; null where all were. */
  stopped: z.string().nullable(),
  cost: z.object({ requests: Count, tokens: z.number(), usd: z.number() }),
});
export type Preference = z.infer<typeof Preference>;

const Pair = z.object({
  a: z.string(),
  b: z.string(),
  /** Whether the offline teacher made or judged either: machinery, no claim of quality. */
  offline: z.boolean(),
  passages: z.object({ shared: Count, only_a: Count, only_b: Count, other_text: Count }),
  views: z.array(View),
  preference: Preference.nullable(),
  /** What has to be known to read the figures. */
  notes: z.array(z.string()),
});
export type Pair = z.infer<typeof Pair>;

const RunFigures = z.object({
  name: z.string(),
  method: z.string(),
  state: RunState,
  offline: z.boolean(),
  ablation: z.object({ refine: z.boolean(), check: z.boolean(), judge: z.boolean() }),
  gate: z.string().nullable(),
  seed: z.number().nullable(),
  passages: Count,
  rows: z.object({ passed: Count, candidates: Count }),
  /** Why the findings were made anew; null where they are the run's own. */
  rechecked: z.string().nullable(),
  measures: z.array(
    Difference.pick({ group: true, name: true, title: true, unit: true }).extend({
      value: z.number(),
    }),
  ),
  distributions: z.array(
    NumberSummary.extend({
      name: ShapeName,
      paper: z.object({ mean: z.number(), median: z.number().nullable() }).nullable(),
    }),
  ),
  findings: z.array(
    z.object({ code: z.string(), severity: Severity, rows: Count, title: z.string().nullable() }),
  ),
});
export type RunFigures = z.infer<typeof RunFigures>;

/** compare.json: runs beside each other, and each pair of methods on the passages they share. */
export const Comparison = z.object({
  schema_version: z.literal(1),
  kind: z.literal('comparison'),
  seed: Count,
  replicates: Count,
  training: z.object({ rows: Count }).nullable(),
  runs: z.array(RunFigures),
  /** A method is a run, or several runs that differ in their seed alone and are taken together. */
  methods: z.array(z.object({ name: z.string(), runs: z.array(z.string()) })),
  pairs: z.array(Pair),
  notes: z.array(z.string()),
});
export type Comparison = z.infer<typeof Comparison>;
