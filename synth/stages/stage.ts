import type { StageName } from '../../core/trajectory.ts';

/** How a stage's answer is written: the paper's tags, or a JSON object that follows the stage's schema. */
export type AnswerFormat = 'tags' | 'json';

/**
 * The constant part first, so that servers can reuse its cached prefix; `user` holds what differs. An empty `system` is
 * not sent.
 */
export interface Prompt {
  system: string;
  user: string;
}

/** A user may replace a stage's prompt by a function of this type (`stages.NAME.prompt` in the config). */
export type PromptFunction<Input> = (input: Input, format: AnswerFormat) => Prompt;

/** What could be read of a model's answer; `repairs` says what had to be put right, `problem` goes back to the model. */
export type Parsed<T> = { ok: true; value: T; repairs: string[] } | { ok: false; problem: string };

/** One question to a model: the prompt, and beside it how the answer is read. */
export interface Stage<Input, Answer> {
  readonly name: StageName;
  readonly prompt: PromptFunction<Input>;
  /** A small input that shows the prompt whole: for its hash, for people, for snapshot tests. */
  readonly probe: Input;
  /** JSON Schema of the answer, for endpoints with structured output. */
  readonly answerSchema: Record<string, unknown>;
  /**
   * For a model that was trained on this one prompt and can follow no other: an unreadable answer is not shown to it,
   * the same question is put again; this and further samples differ by their seeds.
   */
  readonly resampled?: true;
  readonly parse: (text: string, input: Input, format: AnswerFormat) => Parsed<Answer>;
  /** The answer as a model that keeps the grammar writes it: parse(print(answer)) gives the answer. */
  readonly print: (answer: Answer, format: AnswerFormat) => string;
}

export const fail = (problem: string): { ok: false; problem: string } => ({ ok: false, problem });
