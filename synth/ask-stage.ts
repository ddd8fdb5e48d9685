import { errorMessage } from '../core/errors.ts';
import type { Answer } from '../core/llm/answer.ts';
import type { Asker } from '../core/llm/asker.ts';
import type { NamedEndpoint, ResolvedSampling } from '../core/llm/endpoint.ts';
import { RequestFailedError } from '../core/llm/engine.ts';
import type { ChatMessage, ModelRequest, ResponseFormat } from '../core/llm/request.ts';
import { estimateTokens } from '../core/text/tokens.ts';
import type { StageName, StageProvenance } from '../core/trajectory.ts';
import type { AnswerFormat, Parsed, Prompt, Stage } from './stages/stage.ts';

/** A stage as a run asks it: with its endpoint, sampling and prompt. */
export interface StageSetup<Input, Value> {
  stage: Stage<Input, Value>;
  endpoint: NamedEndpoint;
  sampling: ResolvedSampling;
  format: AnswerFormat;
  /** The stage's own prompt function, or the user's. */
  prompt: (input: Input, format: AnswerFormat) => Prompt;
  promptHash: string;
  badAnswerRetries: number;
}

export interface Asked {
  engine: Asker;
  passage: string;
  sampleIndex: number;
}

/** A stage's value, or why there is none; the provenance tells what was asked for either. */
export type StageResult<Value> =
  | { ok: true; value: Value; provenance: StageProvenance }
  | { ok: false; reason: string; provenance: StageProvenance };

/** Later stages go first, so that work that was begun and paid for ends. */
const PRIORITY: Record<StageName, number> = {
  filter: 0,
  extract: 1,
  generate: 2,
  refine: 3,
  synthesize: 2,
  judge: 4,
  repair: 5,
};

/**
 * Asks a stage and reads its answer. An answer that cannot be read is asked for again with the problem shown; when
 * that does not help, the result says why (design: Engine properties 3).
 * @throws StoppedError, UsageError, and RequestFailedError when no server answered
 */
export async function askStage<Input, Value>(
  setup: StageSetup<Input, Value>,
  input: Input,
  asked: Asked,
): Promise<StageResult<Value>> {
  const question = questionOf(setup.prompt(input, setup.format));
  const provenance = emptyProvenance(setup);
  const tooLong = tooLongFor(setup, question);
  if (tooLong !== undefined) return { ok: false, reason: tooLong, provenance };
  let messages = question;
  let problem = '';
  for (let retry = 0; retry <= setup.badAnswerRetries; retry += 1) {
    const answer = await ask(setup, messages, asked, retry);
    if ('refused' in answer) return { ok: false, reason: answer.refused, provenance };
    addTo(provenance, answer);
    const parsed = readAnswer(setup, input, answer);
    if (parsed.ok) {
      provenance.repairs.push(...parsed.repairs);
      return { ok: true, value: parsed.value, provenance };
    }
    problem = parsed.problem;
    if (!setup.stage.resampled) messages = corrected(question, answer, problem, retry + 2);
  }
  return {
    ok: false,
    reason: `no readable answer in ${setup.badAnswerRetries + 1} tries; the last: ${problem}`,
    provenance,
  };
}

function questionOf({ system, user }: Prompt): ChatMessage[] {
  const question: ChatMessage[] = [{ role: 'user', content: user }];
  return system === '' ? question : [{ role: 'system', content: system }, ...question];
}

/** The value of an answer: thinking taken off, then the stage's own parser. */
function readAnswer<Input, Value>(
  { stage, format }: Pick<StageSetup<Input, Value>, 'stage' | 'format'>,
  input: Input,
  answer: Pick<Answer, 'text' | 'finishReason' | 'usage'>,
): Parsed<Value> {
  const cut = whyCut(answer);
  if (cut !== undefined) return { ok: false, problem: cut };
  const text = withoutThinking(answer.text);
  if (text === '') return { ok: false, problem: 'the answer is empty' };
  return stage.parse(text, input, format);
}

/** What servers call an answer that the model itself ended; anything else may be half of one. */
const WHOLE = new Set(['stop', 'eos', 'end_turn', 'tool_calls', 'function_call', '']);

function whyCut({
  finishReason,
  usage,
}: Pick<Answer, 'finishReason' | 'usage'>): string | undefined {
  if (WHOLE.has(finishReason ?? '')) return undefined;
  if (finishReason === 'length')
    return `the answer was cut after ${usage.completion_tokens} tokens (max_tokens)`;
  if (finishReason === 'content_filter') return "the provider's content filter cut the answer";
  return `the answer was cut: finish_reason ${finishReason}`;
}

/** An answer without the thinking before it; a chat template may have swallowed the opening tag. */
export function withoutThinking(text: string): string {
  const start = text.trimStart();
  const end = start.indexOf('</think>');
  if (end !== -1 && !start.slice(0, end).includes('</'))
    return start.slice(end + '</think>'.length).trim();
  return start.startsWith('<think>')
    ? end === -1
      ? ''
      : start.slice(end + '</think>'.length).trim()
    : text.trim();
}

/** More than an unreadable answer is asked for again, so that no two samples of a question share a seed. */
const SEEDS_A_SAMPLE = 10;

/** Another try has another seed, or a server that samples by it would say the same again. */
function requestOf<Input, Value>(
  setup: StageSetup<Input, Value>,
  messages: ChatMessage[],
  asked: Asked,
  retry: number,
): ModelRequest {
  const { seed } = setup.sampling;
  const shift = retry + (setup.stage.resampled ? SEEDS_A_SAMPLE * asked.sampleIndex : 0);
  return {
    stage: setup.stage.name,
    passage: asked.passage,
    endpoint: setup.endpoint,
    messages,
    sampling: {
      ...fittingSampling(setup, messages),
      ...(seed === undefined ? {} : { seed: seed + shift }),
    },
    responseFormat: responseFormat(setup),
    sampleIndex: asked.sampleIndex,
    retry,
  };
}

/**
 * What a server refuses is this request's fault when it has taken others of the stage: a reason, not an error. When it
 * has not, the settings are more likely at fault, and the passage is to be tried again under better ones.
 */
async function ask<Input, Value>(
  setup: StageSetup<Input, Value>,
  messages: ChatMessage[],
  asked: Asked,
  retry: number,
): Promise<Answer | { refused: string }> {
  const { stage, endpoint } = setup;
  try {
    return await asked.engine.ask(requestOf(setup, messages, asked, retry), PRIORITY[stage.name]);
  } catch (error) {
    const kind = error instanceof RequestFailedError ? error.failure.kind : null;
    const isOurs = kind === 'refused' || kind === 'forbidden';
    if (!isOurs || !asked.engine.hasAnswered(endpoint, stage.name)) throw error;
    return { refused: `the server refused the request: ${errorMessage(error)}` };
  }
}

function responseFormat<Input, Value>({
  stage,
  endpoint,
  format,
}: StageSetup<Input, Value>): ResponseFormat | undefined {
  if (format === 'tags' || endpoint.structured_output === 'none') return undefined;
  if (endpoint.structured_output === 'json_object') return { type: 'json_object' };
  return { type: 'json_schema', json_schema: { name: stage.name, schema: stage.answerSchema } };
}

const LEAST_ANSWER_TOKENS = 256;

function tooLongFor<Input, Value>(
  { endpoint }: StageSetup<Input, Value>,
  question: ChatMessage[],
): string | undefined {
  if (endpoint.context_length === undefined) return undefined;
  const tokens = tokensOf(question);
  if (tokens + LEAST_ANSWER_TOKENS <= endpoint.context_length) return undefined;
  return `the prompt of about ${tokens} tokens does not fit the context of ${endpoint.context_length} tokens of endpoint ${endpoint.name}`;
}

/** Servers refuse a max_tokens that does not fit beside the prompt, so it is lowered to what does. */
function fittingSampling<Input, Value>(
  { endpoint, sampling }: StageSetup<Input, Value>,
  messages: ChatMessage[],
): ResolvedSampling {
  const { max_tokens } = sampling;
  if (endpoint.context_length === undefined || max_tokens === undefined) return sampling;
  const room = Math.max(LEAST_ANSWER_TOKENS, endpoint.context_length - tokensOf(messages));
  return max_tokens <= room ? sampling : { ...sampling, max_tokens: room };
}

/** An estimate with a margin: tokenizers differ by some tenths. */
function tokensOf(messages: ChatMessage[]): number {
  return (
    Math.ceil(messages.reduce((sum, { content }) => sum + estimateTokens(content), 0) * 1.15) + 64
  );
}

const SHOWN_BACK_CHARACTERS = 6000;

/** The question again, with the bad answer and what is wrong with it as further turns. */
function corrected(
  question: ChatMessage[],
  answer: Answer,
  problem: string,
  attempt: number,
): ChatMessage[] {
  const again = `This answer cannot be used: ${problem}. Try ${attempt}: write the whole answer again, exactly in the form asked for, and nothing else.`;
  const shown = answer.text.slice(0, SHOWN_BACK_CHARACTERS);
  if (shown !== '')
    return [...question, { role: 'assistant', content: shown }, { role: 'user', content: again }];
  // Some chat templates refuse an empty answer and two user turns in a row.
  return question.map((message) =>
    message.role === 'user' ? { ...message, content: `${message.content}\n\n${again}` } : message,
  );
}

function emptyProvenance<Input, Value>({
  stage,
  endpoint,
  sampling,
  promptHash,
}: StageSetup<Input, Value>): StageProvenance {
  return {
    stage: stage.name,
    endpoint: endpoint.name,
    model: endpoint.model,
    sampling: { ...sampling },
    prompt_hash: promptHash,
    request_hashes: [],
    prompt_tokens: 0,
    cached_tokens: 0,
    completion_tokens: 0,
    cost_usd: 0,
    seconds: 0,
    repairs: [],
  };
}

function addTo(provenance: StageProvenance, answer: Answer): void {
  provenance.request_hashes.push(answer.key);
  provenance.prompt_tokens += answer.usage.prompt_tokens;
  provenance.cached_tokens += answer.usage.cached_tokens;
  provenance.completion_tokens += answer.usage.completion_tokens;
  provenance.cost_usd += answer.costUsd;
  provenance.seconds += answer.seconds;
}
