import { createHash } from 'node:crypto';
import { GENERATION_PATTERNS, type Pattern } from '../../core/taxonomy.ts';

const MEANING: Record<Pattern, string> = {
  rule_conflict: 'the user wants what a rule forbids; the assistant keeps the rule and says which',
  error_recovery:
    'a call fails (a wrong value, a changed state); the assistant finds the cause and gets on',
  clarification:
    'a demand is ambiguous or lacks a required value; the assistant asks before it calls',
  multi_hop_reasoning: 'an answer or argument needs the results of several calls put together',
  rule_awareness: 'the assistant points out or checks a rule before anyone asks about it',
  limitation:
    'something lies outside of what the tools can do; the assistant says so and offers what it can',
  user_guidance: 'the assistant leads the user through steps that only the user can carry out',
  long_context: 'a late demand depends on details given much earlier',
};

/** The generation patterns with their meanings, a line each, for prompts. */
export const PATTERN_MEANINGS = GENERATION_PATTERNS.map(
  (pattern) => `- ${pattern}: ${MEANING[pattern]}`,
).join('\n');

/** All patterns with their meanings, a line each. */
export const ALL_PATTERN_MEANINGS = Object.entries(MEANING)
  .map(([pattern, meaning]) => `- ${pattern}: ${meaning}`)
  .join('\n');

/** Three or four of the five generation patterns, chosen by a seed string: spread evenly, the same on every run. */
export function choosePatterns(seed: string): Pattern[] {
  const digest = createHash('sha256').update(seed).digest();
  const ranked = GENERATION_PATTERNS.map((pattern, index) => ({
    pattern,
    rank: digest[index] ?? 0,
  }));
  ranked.sort((a, b) => a.rank - b.rank || (a.pattern < b.pattern ? -1 : 1));
  const count = 3 + ((digest.at(-1) ?? 0) % 2);
  return ranked.slice(0, count).map(({ pattern }) => pattern);
}
