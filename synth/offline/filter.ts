import type { FilterAnswer } from '../stages/filter.ts';
import { FEATURE_NAMES, type FeatureName, featuresOf } from './features.ts';
import { topicsOf } from './topics.ts';

/**
 * Weights of a logistic regression over the features, fitted on half of the labelled passages of public corpora
 * (benchmark policies left out) and of the sample corpus, each corpus and label counting alike.
 */
const WEIGHTS: Record<FeatureName, number> = {
  steps: 5.05,
  orders: 0.23,
  orderShare: 3.15,
  rules: 0.79,
  you: 0.09,
  actors: 0.14,
  limits: 2.76,
  sequence: -0.08,
  howTo: 1.55,
  past: 0.04,
  opinion: 0.2,
  reference: -0.25,
  code: -0.4,
  menus: -0.21,
  years: -0.48,
  clients: 0.35,
  conditions: 0.21,
  inner: 0.02,
  short: -0.42,
};
const BIAS = -5.76;

/** Whether a passage holds operations of several steps, with its labels where it does. */
export function filterOffline(passage: string): FilterAnswer {
  if (score(passage) <= 0) return { multi_step: false, tags: null };
  const { domains, platform, task } = topicsOf(passage);
  return { multi_step: true, tags: { summary: summaryOf(passage), domains, platform, task } };
}

/** The log-odds that a passage is a procedure. */
function score(passage: string): number {
  const features = featuresOf(passage);
  return FEATURE_NAMES.reduce((sum, name) => sum + WEIGHTS[name] * features[name], BIAS);
}

const PROMISING = /\b(?:you|must|can|may|how|to|step|first|request|apply|book|order)\b/gi;

/** The sentence of the beginning that tells most of the task, on one line. */
function summaryOf(passage: string): string {
  const sentences = passage
    .slice(0, 900)
    .split(/(?<=[.!?:])\s+|\n+/)
    .map((text) => text.trim());
  const usable = sentences.filter(({ length }) => length > 30 && length < 220);
  const ranked = usable.map((text, index) => ({
    text,
    rank: (text.match(PROMISING)?.length ?? 0) - index * 0.7,
  }));
  const best = ranked.sort((a, b) => b.rank - a.rank)[0]?.text ?? passage.slice(0, 160);
  const line = best
    .replace(/^\s*(?:\d{1,2}[.)]|[-*•–])\s+/, '')
    .replace(/\s+/g, ' ')
    .replace(/[<>]/g, '')
    .trim();
  return /[.!?]$/.test(line) ? line : `${line.replace(/[:;,]$/, '')}.`;
}
