import { z } from 'zod';
import { Pattern } from '../core/taxonomy.ts';
import { DecontaminationRules } from './decontaminate/rules.ts';

const Count = z.number().int().min(0);
const Share = z.number().min(0).max(1);
/** A similarity from which two texts count as the same; null never compares them. */
const Similarity = z.number().min(0.1).max(1).nullable();

/** MinHash over runs of words; two rows are duplicates when their passages are near, or conversation and tools are. */
const Duplicates = z.strictObject({
  passage_jaccard: Similarity.default(0.8),
  conversation_jaccard: Similarity.default(0.8),
  tools_jaccard: z.number().min(0.1).max(1).default(0.8),
  shingle_words: z.number().int().min(1).max(32).default(5),
  permutations: z.number().int().min(16).max(1024).default(128),
});

const Cap = z.number().int().positive().nullable().default(null);

/** The most rows of a kind; null has no limit. */
const Caps = z.strictObject({
  per_domain: Cap,
  per_source: Cap,
  per_licence: Cap,
  per_tool_set: Cap,
});

const Checks = z.strictObject({
  gate: z.enum(['strict', 'paper', 'none']).default('strict'),
  refuse_codes: z.array(z.string()).default([]),
  max_warnings: Count.nullable().default(null),
});

const Judge = z.strictObject({ require: z.enum(['passed', 'unjudged_allowed']).default('passed') });

const Patterns = z.strictObject({
  at_least: Count.default(0),
  max_share: z.partialRecord(Pattern, Share).default({}),
});

/** What a person said of rows in the viewer (marks.jsonl of the run). */
const Marks = z.strictObject({
  /** Whether rows go that a person turned down. */
  honour: z.boolean().default(true),
  /** Whether rows stay, or come in, that a person accepted: checks and judge do not decide on those. */
  take_accepted: z.boolean().default(false),
});

const Licences = z.strictObject({
  allow: z.array(z.string().min(1)).default([]),
  refuse: z.array(z.string().min(1)).default([]),
  unknown: z.enum(['keep', 'drop']).default('keep'),
});

export const PersonalKind = z.enum(['email', 'phone', 'card', 'iban', 'national_id']);
export type PersonalKind = z.infer<typeof PersonalKind>;

const PersonalData = z.strictObject({
  action: z.enum(['flag', 'mask', 'drop']).default('flag'),
  kinds: z.array(PersonalKind).default([...PersonalKind.options]),
  allow: z.array(z.string().min(1)).default([]),
});
export type PersonalData = z.infer<typeof PersonalData>;

/** A range, both ends included; null is open. */
const Range = z
  .strictObject({ min: Count.nullable().default(null), max: Count.nullable().default(null) })
  .refine(({ min, max }) => min === null || max === null || min <= max, {
    error: 'min is above max: no row can be kept',
  });

/**
 * The rules by which `distill` chooses rows, as a YAML file gives them (configs/distill.yaml has them all with
 * their defaults); the resolved rules are kept beside the data.
 */
export const DistillRules = z.strictObject({
  duplicates: Duplicates.prefault({}),
  caps: Caps.prefault({}),
  checks: Checks.prefault({}),
  judge: Judge.prefault({}),
  patterns: Patterns.prefault({}),
  licences: Licences.prefault({}),
  /** Ids of documents or passages that no row may be made from; `distill remove` adds to it. */
  refuse_sources: z.array(z.string().min(1)).default([]),
  marks: Marks.prefault({}),
  personal_data: PersonalData.prefault({}),
  messages: Range.prefault({}),
  calls: Range.prefault({}),
  decontamination: DecontaminationRules.prefault({}),
  splits: z.strictObject({ passage_jaccard: Similarity.default(0.7) }).prefault({}),
});
export type DistillRules = z.infer<typeof DistillRules>;
