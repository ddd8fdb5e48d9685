import type { Domain, Platform, TaskCategory } from '../../core/taxonomy.ts';
import { DOMAIN_WORDS, PLATFORM_WORDS, TASK_WORDS } from './words/topics.ts';

export interface Topics {
  domains: Domain[];
  platform: Platform;
  task: TaskCategory;
}

interface Counter<Label> {
  label: Label;
  pattern: RegExp;
}

/** The labels of a passage, by the different words in it that speak for each. */
export function topicsOf(text: string): Topics {
  const domains = ranked(DOMAINS, text);
  const best = domains[0]?.score ?? 0;
  const close = domains.filter(({ score }) => score >= 2 && score >= best * 0.6).slice(0, 3);
  const kept = (close.length > 0 ? close : domains.slice(0, 1)).map(({ label }) => label);
  return {
    domains: kept.length > 0 ? kept : ['business_and_industrial'],
    platform: ranked(PLATFORMS, text)[0]?.label ?? 'other',
    task: ranked(TASKS, text)[0]?.label ?? 'customer_support',
  };
}

const counters = <Label>(table: readonly (readonly [Label, string])[]): Counter<Label>[] =>
  table.map(([label, words]) => ({ label, pattern: new RegExp(`\\b(?:${words})`, 'gi') }));

const DOMAINS = counters(DOMAIN_WORDS);
const TASKS = counters(TASK_WORDS);
const PLATFORMS = counters(PLATFORM_WORDS);

/** Labels with at least one hit, best first: each different word counts three, each repetition a little. */
function ranked<Label>(
  table: readonly Counter<Label>[],
  text: string,
): { label: Label; score: number }[] {
  const scores = table.map(({ label, pattern }) => {
    const hits = text.match(pattern) ?? [];
    const different = new Set(hits.map((hit) => hit.toLowerCase())).size;
    return { label, score: different + Math.min(hits.length, 12) / 8 };
  });
  return scores.filter(({ score }) => score > 0).sort((a, b) => b.score - a.score);
}
