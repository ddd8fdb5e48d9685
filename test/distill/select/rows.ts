import type { Message } from '../../../core/conversation.ts';
import { sha256 } from '../../../core/hash.ts';
import { type Tags, Trajectory } from '../../../core/trajectory.ts';
import { DistillRules } from '../../../distill/rules.ts';
import type { SelectionLimits } from '../../../distill/select/decide.ts';
import { decide } from '../../../distill/select/decide.ts';
import type { Decision } from '../../../distill/select/decision.ts';
import { measureRow, newMeasureStore, type RowMeasure } from '../../../distill/select/measure.ts';

export const rulesOf = (rules: unknown = {}): DistillRules => DistillRules.parse(rules);

/** What a test says of a row; the rest is a good row whose texts no other row has. */
export interface RowSketch {
  id: string;
  passage?: string;
  source?: string;
  title?: string | null;
  licence?: string | null;
  messages?: Message[];
  tool?: string;
  domains?: Tags['domains'];
  patterns?: Trajectory['patterns']['found'];
  checks?: Trajectory['checks'];
  checked?: boolean;
  judge?: 'passed' | 'failed' | null;
}

export function rowOf(sketch: RowSketch): Trajectory {
  const { id, licence = 'MIT', judge = 'passed', checked = true } = sketch;
  const text = sketch.passage ?? wordsFor(`passage ${id}`, 120);
  const verdict = judge === 'failed' ? 0 : 1;
  const { source = id, title = null } = sketch;
  return Trajectory.parse({
    schema_version: 1,
    id,
    messages: sketch.messages ?? conversation(id),
    tools: [toolOf(sketch.tool ?? `tool_${id}`)],
    workflow: {
      description: 'Save a note.',
      steps: ['save'],
      graph: 'save',
      example_calls: [],
      constraints: [],
    },
    source: { id: source, sha256: sha256(text), text, title, url: null, licence },
    tags: {
      platform: 'phone',
      domains: sketch.domains ?? ['health'],
      task: 'communication',
      summary: '',
    },
    patterns: { asked: [], found: sketch.patterns ?? ['clarification'] },
    checks: sketch.checks ?? [],
    judge:
      judge === null
        ? null
        : {
            rubrics: { argument_values: verdict, capability: 1, context: 1 },
            reason: '',
            message_index: null,
            model: 'judge',
          },
    provenance: {
      method: 'pipeline',
      teacher: 'teacher',
      config_fingerprint: 'f',
      ablation: { refine: true, check: checked, judge: true },
      workflow_index: 0,
      candidate_index: 0,
      stages: [],
    },
  });
}

export const measured = (sketch: RowSketch, rules: unknown = {}): RowMeasure =>
  measureRow(rowOf(sketch), rulesOf(rules), newMeasureStore(rulesOf(rules)));

/** Decides over sketched rows. */
export function decided(
  sketches: RowSketch[],
  rules: unknown = {},
  limits: Partial<SelectionLimits> = {},
): Decision[] {
  const parsed = rulesOf(rules);
  const store = newMeasureStore(parsed);
  const rows = sketches.map((sketch) => measureRow(rowOf(sketch), parsed, store));
  return decide(rows, parsed, { maxTokens: null, seed: 0, ...limits });
}

/** The ids of kept rows, sorted. */
export function keptOf(decisions: readonly Decision[]): string[] {
  return decisions
    .filter(({ kept }) => kept)
    .map(({ id }) => id)
    .sort();
}

/** So many words that no other name has. */
export function wordsFor(name: string, count: number): string {
  return Array.from(
    { length: count },
    (_, index) => `w${sha256(`${name} ${index}`).slice(0, 6)}`,
  ).join(' ');
}

/** A text with every `step`th word changed. */
export function altered(text: string, step: number): string {
  return text
    .split(' ')
    .map((word, index) => (index % step === step - 1 ? `${word}x` : word))
    .join(' ');
}

export function conversation(name: string): Message[] {
  const argument = JSON.stringify({ note: wordsFor(`${name} call`, 20) });
  return [
    { role: 'system', content: 'You help.' },
    { role: 'user', content: wordsFor(`${name} user`, 60) },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        { id: 'call_1', type: 'function', function: { name: 'save', arguments: argument } },
      ],
    },
    { role: 'tool', tool_call_id: 'call_1', content: '{"ok":true}' },
    { role: 'assistant', content: wordsFor(`${name} answer`, 60) },
  ];
}

const toolOf = (name: string): Trajectory['tools'][number] => ({
  type: 'function',
  function: {
    name,
    parameters: { type: 'object', properties: { note: { type: 'string' } }, required: ['note'] },
  },
});
