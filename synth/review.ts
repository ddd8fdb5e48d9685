import type { Finding, JudgeVerdict } from '../core/trajectory.ts';
import type { StageResult } from './ask-stage.ts';
import { paperGateFails, strictGateFails } from './check/run-checks.ts';
import type { SynthConfig } from './config.ts';
import { type JudgeAnswer, passes } from './stages/judge.ts';

type Gate = SynthConfig['gate'];

/** What the checks and the judge made of a version of a conversation. */
export interface Review {
  findings: Finding[];
  /** null where no judge was asked, or its word could not be read. */
  verdict: JudgeVerdict | null;
  /** Why it was turned down; null where it passed. */
  rejection: { by: 'check' | 'judge'; reason: string; unscored: boolean } | null;
}

/** The findings that turn a candidate down at a gate. */
export function decidingFindings(findings: readonly Finding[], gate: Gate): Finding[] {
  const fails = gate === 'paper' ? paperGateFails : strictGateFails;
  return findings.filter((finding) => fails([finding]));
}

/** A review that ends at the checks, or null where they let the candidate through. */
export function checkReview(findings: Finding[], gate: Gate): Review | null {
  const [first, ...more] = decidingFindings(findings, gate);
  if (first === undefined) return null;
  const others = more.length === 0 ? '' : ` (and ${more.length} more)`;
  const reason = `${first.code}: ${first.text}${others}`;
  return { findings, verdict: null, rejection: { by: 'check', reason, unscored: false } };
}

/** A review by the judge. An answer that could not be read is `unscored`: turned down, for it is no pass. */
export function judgeReview(
  findings: Finding[],
  judged: StageResult<JudgeAnswer>,
  model: string,
): Review {
  if (!judged.ok) {
    const rejection = { by: 'judge' as const, reason: unscored(judged.reason), unscored: true };
    return { findings, verdict: null, rejection };
  }
  return verdictReview(findings, { ...judged.value, model });
}

/** A review by a verdict that there is. */
export function verdictReview(findings: Finding[], verdict: JudgeVerdict): Review {
  if (passes(verdict)) return { findings, verdict, rejection: null };
  const reason = verdictInShort(verdict);
  return { findings, verdict, rejection: { by: 'judge', reason, unscored: false } };
}

/** The reason of a row without a verdict. */
export const unscored = (why: string): string => `unscored: ${why}`;

function verdictInShort(verdict: JudgeVerdict): string {
  const failed = Object.entries(verdict.rubrics).filter(([, score]) => score === 0);
  return `${failed.map(([name]) => name).join(', ')}: ${verdict.reason}`;
}
