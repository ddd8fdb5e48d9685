import type { Constraint } from '../../../core/workflow.ts';
import { clientOf, placeOf } from '../design/goal.ts';
import type { Random } from '../seed.ts';
import { article, listed, plural } from '../words/grammar.ts';
import { fill } from './fill.ts';
import type { ToolModel } from './tool-model.ts';

const ROLES = [
  'You are the assistant of {place}. You help {clients} {tasks}.',
  'You work for {place} and help {clients} {tasks}.',
  'As the assistant of {place}, you help {clients} {tasks}.',
  'You answer for {place}: {clients} come to you to {tasks}.',
] as const;
const PLACELESS = [
  'You are an assistant who helps {clients} {tasks}.',
  'You help {clients} {tasks}.',
  'Your job is to help {clients} {tasks}.',
] as const;
const REMOTE = [
  "You are a support assistant with access to the user's {device}. You can {tasks}.",
  'You work on the {device} of the user from afar: you {tasks}.',
  'You operate a {device} for its user; you can {tasks}.',
] as const;
/** What the system message says about consent, and how the assistant tells it. */
export const CONSENT = [
  {
    rule: 'Before any change, state what will happen and wait for a clear yes.',
    told: 'Before any change I state what will happen and wait for a clear yes.',
  },
  {
    rule: 'Change nothing until the user has clearly agreed to it.',
    told: 'I change nothing until the user has clearly agreed to it.',
  },
  {
    rule: 'Name every change beforehand and get a clear yes for it.',
    told: 'I name every change beforehand and get a clear yes for it.',
  },
] as const;
export type Consent = (typeof CONSENT)[number];
const MISSING = [
  'Ask for what is missing; never guess.',
  'Never invent a value: ask for it.',
  'If something is missing, ask.',
] as const;

/** The rules of a conversation, each once, in order. */
export function ruleTexts(constraints: readonly Constraint[]): string[] {
  return [...new Set(constraints.map(({ rule }) => rule.trim()))];
}

/** The system message: who the assistant is, every rule with its numbers, and how to go about changes. */
export function systemMessage(
  passage: string,
  tools: readonly ToolModel[],
  rules: readonly string[],
  consent: string,
  random: Random,
): string {
  const parts = [
    roleOf(passage, tools, random),
    ...rulesPart(passage, rules, random),
    `${consent} ${random.pick(MISSING)}`,
  ];
  return parts.join(random.chance(0.5) ? '\n' : '\n\n');
}

function roleOf(passage: string, tools: readonly ToolModel[], random: Random): string {
  const writes = tools.filter(({ writes }) => writes);
  const tasks = listed(
    (writes.length > 0 ? writes : tools).slice(0, 3).map(({ phrase }) => phrase),
  );
  const device = deviceOf(tools);
  if (device !== undefined) return fill(REMOTE, random, { device, tasks });
  const client = clientOf(passage);
  const clients = client === undefined ? 'people' : plural(client);
  const place = placeOf(passage);
  if (place === undefined) return fill(PLACELESS, random, { clients, tasks });
  return fill(ROLES, random, { place: `${article(place)} ${place}`, clients, tasks });
}

/** The device that a session is opened on. */
function deviceOf(tools: readonly ToolModel[]): string | undefined {
  const opener = tools.find(({ returns }) => returns.includes('session_id'));
  return /^(.+)_name$/.exec(opener?.parameters[0]?.name ?? '')?.[1];
}

function rulesPart(passage: string, rules: readonly string[], random: Random): string[] {
  if (rules.length === 0) return [];
  const addressed = rules.some((rule) => /\byour?\b/i.test(rule));
  const reader = clientOf(passage) ?? 'user';
  const heading = addressed
    ? `Rules, as ${article(reader)} ${reader} reads them:`
    : random.pick(['Rules:', 'What holds here:', 'Keep to these rules:']);
  if (random.chance(0.35) && rules.length < 5) return [`${heading} ${rules.join(' ')}`];
  return [[heading, ...rules.map((rule) => `- ${rule}`)].join('\n')];
}
