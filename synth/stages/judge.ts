import { z } from 'zod';
import type { Finding, JudgeVerdict } from '../../core/trajectory.ts';
import { parseJsonAnswer, problemsOf } from './answer.ts';
import { readBlock } from './blocks.ts';
import { EXAMPLE_CONVERSATION } from './example.ts';
import { type JudgeInput, judgePrompt } from './judge-prompt.ts';
import { fail, type Parsed, type Stage } from './stage.ts';

export type { JudgeInput } from './judge-prompt.ts';

/** `findings`: the judge is shown what the checks found; `paper`: the paper's plain judge. */
export const JudgePrompt = z.enum(['findings', 'paper']);
export type JudgePrompt = z.infer<typeof JudgePrompt>;

/** The verdict without the model's name, which the caller knows. */
export type JudgeAnswer = Omit<JudgeVerdict, 'model'>;

const EXAMPLE_FINDING: Finding = {
  code: 'stated_number_unknown',
  severity: 'warning',
  message_index: 4,
  path: null,
  text: 'no result and no user message has 11',
};

/**
 * Three binary rubrics over the whole trajectory, with a reason and the place (paper, Validation); what the checks
 * found is shown where the input holds it.
 */
export const judge: Stage<JudgeInput, JudgeAnswer> = {
  name: 'judge',
  prompt: judgePrompt,
  probe: { conversation: EXAMPLE_CONVERSATION, findings: [EXAMPLE_FINDING] },
  answerSchema: {
    type: 'object',
    properties: {
      reason: { type: 'string' },
      message: { type: ['integer', 'null'] },
      argument_values: { type: 'integer', enum: [0, 1] },
      capability: { type: 'integer', enum: [0, 1] },
      context: { type: 'integer', enum: [0, 1] },
    },
    required: ['reason', 'message', 'argument_values', 'capability', 'context'],
    additionalProperties: false,
  },
  parse: (text, input, format) =>
    format === 'json' ? parseJson(text, input) : parseTags(text, input),
  print: (answer, format) => (format === 'json' ? printJson(answer) : printTags(answer)),
};

/** The paper's judge: the same stage, whose input holds no findings. */
const plainJudge: Stage<JudgeInput, JudgeAnswer> = {
  ...judge,
  probe: { conversation: EXAMPLE_CONVERSATION, findings: null },
};

/** The judge as a run asks it: its probe, so its prompt's hash, is that of the prompt in use. */
export function judgeStage(prompt: JudgePrompt): Stage<JudgeInput, JudgeAnswer> {
  return prompt === 'paper' ? plainJudge : judge;
}

/** Whether a verdict lets a trajectory through: all three rubrics are 1. */
export function passes(verdict: Pick<JudgeVerdict, 'rubrics'>): boolean {
  return Object.values(verdict.rubrics).every((score) => score === 1);
}

const Score = z.union([z.literal(0), z.literal(1)]);
const WireAnswer = z.object({
  reason: z.string().min(1),
  message: z.number().int().nullish(),
  argument_values: Score,
  capability: Score,
  context: Score,
});

function parseTags(text: string, input: JudgeInput): Parsed<JudgeAnswer> {
  const score = (name: string) => {
    const word = readBlock(text, name);
    return word === '0' || word === '1' ? Number(word) : word;
  };
  const message = readBlock(text, 'message');
  return verdict(
    {
      reason: readBlock(text, 'reason'),
      message: message !== undefined && /^\d+$/.test(message) ? Number(message) : null,
      argument_values: score('argument_values'),
      capability: score('capability'),
      context: score('context'),
    },
    input,
    [],
  );
}

function parseJson(text: string, input: JudgeInput): Parsed<JudgeAnswer> {
  const json = parseJsonAnswer(text);
  return json.ok ? verdict(json.value, input, json.repairs) : json;
}

function verdict(value: unknown, input: JudgeInput, repairs: string[]): Parsed<JudgeAnswer> {
  const wire = WireAnswer.safeParse(value);
  if (!wire.success) return fail(problemsOf(wire.error));
  const { reason, message, ...rubrics } = wire.data;
  const known = message != null && message >= 0 && message < input.conversation.messages.length;
  return { ok: true, value: { rubrics, reason, message_index: known ? message : null }, repairs };
}

function printTags({ reason, message_index, rubrics }: JudgeAnswer): string {
  const scores = Object.entries(rubrics).map(([name, score]) => `<${name}>${score}</${name}>`);
  return [
    `<reason>${reason}</reason>`,
    `<message>${message_index ?? ''}</message>`,
    ...scores,
  ].join('\n');
}

function printJson({ reason, message_index, rubrics }: JudgeAnswer): string {
  return JSON.stringify({ reason, message: message_index, ...rubrics });
}
