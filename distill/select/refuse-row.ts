import type { DistillRules } from '../rules.ts';
import type { Drop, DropCode } from './decision.ts';
import { licenceRefusal } from './licences.ts';
import type { RowMeasure } from './measure.ts';

/** Why the rules refuse a row for what it is itself, the first reason; null when they do not. */
export function refuseRow(
  row: RowMeasure,
  rules: DistillRules,
  maxTokens: number | null,
): Drop | null {
  return (
    refusePerson(row, rules) ??
    refuseQuality(row, rules) ??
    refuseSource(row) ??
    refuseLicence(row, rules) ??
    refuseSize(row, rules) ??
    refuseContent(row, rules, maxTokens)
  );
}

function drop(code: DropCode, text: string, value: number | null = null): Drop {
  return { code, text, against: null, value };
}

function refusePerson({ person }: RowMeasure, { marks }: DistillRules): Drop | null {
  return marks.honour && person === 'reject'
    ? drop('person_rejected', 'a person turned it down in the viewer')
    : null;
}

/** A person's word goes before that of checks and judge, where the rules say so. */
function refuseQuality(row: RowMeasure, rules: DistillRules): Drop | null {
  if (rules.marks.take_accepted && row.person === 'accept') return null;
  return refuseChecks(row, rules) ?? refuseJudge(row, rules);
}

function refuseChecks({ badCheck, checked, warnings }: RowMeasure, rules: DistillRules) {
  const { gate, max_warnings: most } = rules.checks;
  if (badCheck !== null) return drop('check_failed', `the check ${badCheck} turns it down`);
  if (!checked && gate !== 'none')
    return drop('unchecked', 'its run did not check it; checks.gate: none takes it all the same');
  if (most !== null && warnings > most)
    return drop(
      'too_many_warnings',
      `${warnings} warnings, checks.max_warnings is ${most}`,
      warnings,
    );
  return null;
}

function refuseJudge({ judge }: RowMeasure, rules: DistillRules): Drop | null {
  if (judge === 'failed') return drop('judge_failed', 'the judge turned it down');
  if (judge === 'unjudged' && rules.judge.require === 'passed')
    return drop('unjudged', 'no judge saw it; judge.require: unjudged_allowed takes it');
  return null;
}

function refuseSource({ refusedSource }: RowMeasure): Drop | null {
  return refusedSource === null
    ? null
    : drop('source_refused', `refuse_sources names ${JSON.stringify(refusedSource)}`);
}

function refuseLicence({ licence }: RowMeasure, rules: DistillRules): Drop | null {
  const refusal = licenceRefusal(licence, rules.licences);
  return refusal === null ? null : drop(refusal.code, refusal.text);
}

function refuseSize(row: RowMeasure, rules: DistillRules): Drop | null {
  const least = rules.patterns.at_least;
  if (!isWithin(row.messages, rules.messages))
    return drop(
      'message_count',
      `${row.messages} messages, not ${range(rules.messages)}`,
      row.messages,
    );
  if (!isWithin(row.calls, rules.calls))
    return drop('call_count', `${row.calls} tool calls, not ${range(rules.calls)}`, row.calls);
  if (row.patterns.length < least) {
    const text = `${row.patterns.length} interaction patterns, patterns.at_least is ${least}`;
    return drop('too_few_patterns', text, row.patterns.length);
  }
  return null;
}

function refuseContent(
  { personal, tokens, contamination }: RowMeasure,
  rules: DistillRules,
  maxTokens: number | null,
): Drop | null {
  if (personal !== null && rules.personal_data.action === 'drop')
    return drop('personal_data', `personal data: ${personal}`);
  if (maxTokens !== null && tokens !== null && tokens > maxTokens)
    return drop('too_many_tokens', `${tokens} tokens, --max-tokens is ${maxTokens}`, tokens);
  return contamination === null ? null : drop('contaminated', contamination);
}

type Range = DistillRules['messages'];

function isWithin(value: number, { min, max }: Range): boolean {
  return (min === null || value >= min) && (max === null || value <= max);
}

function range({ min, max }: Range): string {
  if (max === null) return `at least ${min}`;
  return min === null ? `at most ${max}` : `${min} to ${max}`;
}
