import { errorMessage } from '../../core/errors.ts';
import type { Asker } from '../../core/llm/asker.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { resolveSampling } from '../../core/llm/endpoint.ts';
import { RequestFailedError } from '../../core/llm/engine.ts';
import type { ChatMessage, ModelRequest } from '../../core/llm/request.ts';
import { estimateTokens } from '../../core/text/tokens.ts';
import { withoutThinking } from '../../synth/ask-stage.ts';
import { DEFAULT_SAMPLING } from '../../synth/config.ts';
import { fail, type Parsed } from '../../synth/stages/stage.ts';
import {
  type PreferenceAnswer,
  type PreferenceInput,
  parsePreference,
  preferencePrompt,
} from './preference-prompt.ts';

/** Who is asked. */
interface PreferenceJudge {
  engine: Asker;
  endpoint: NamedEndpoint;
  seed: number;
}

const TRIES = 3;
const ROOM_FOR_ANSWER = 512;

/**
 * Asks for one preference. An answer that cannot be read is asked for again, with what is wrong with it; a pair that
 * finds none, or is too long for the model, is a reason and no verdict.
 * @throws StoppedError, UsageError, and RequestFailedError where no server answered
 */
export async function askPreference(
  { engine, endpoint, seed }: PreferenceJudge,
  input: PreferenceInput,
): Promise<Parsed<PreferenceAnswer>> {
  const { system, user } = preferencePrompt(input);
  const question: ChatMessage[] = [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ];
  const tooLong = whyTooLong(endpoint, question);
  if (tooLong !== undefined) return fail(tooLong);
  let messages = question;
  let problem = '';
  for (let retry = 0; retry < TRIES; retry += 1) {
    const request = requestOf(endpoint, seed, input.passage.id, messages, retry);
    const answer = await answerTo(engine, request);
    if (!answer.ok) return answer;
    const parsed = parsePreference(withoutThinking(answer.value));
    if (parsed.ok) return parsed;
    problem = parsed.problem;
    messages = [
      ...question,
      { role: 'assistant', content: answer.value.slice(0, 2000) || '(nothing)' },
      {
        role: 'user',
        content: `This cannot be used: ${problem}. Write the two lines again, exactly as asked.`,
      },
    ];
  }
  return fail(`no readable answer in ${TRIES} tries; the last: ${problem}`);
}

/** What a server refuses although it answers others is this pair's fault. */
async function answerTo(engine: Asker, request: ModelRequest): Promise<Parsed<string>> {
  try {
    const { text } = await engine.ask(request, 0);
    return { ok: true, value: text, repairs: [] };
  } catch (error) {
    const kind = error instanceof RequestFailedError ? error.failure.kind : null;
    const isOurs = kind === 'refused' || kind === 'forbidden';
    if (!isOurs || !engine.hasAnswered(request.endpoint, request.stage)) throw error;
    return fail(`the server refused the request: ${errorMessage(error)}`);
  }
}

function requestOf(
  endpoint: NamedEndpoint,
  seed: number,
  passage: string,
  messages: ChatMessage[],
  retry: number,
): ModelRequest {
  // Another try has another seed, or a server that samples by it would say the same again.
  const sampling = resolveSampling(
    { seed: seed + retry },
    DEFAULT_SAMPLING.judge,
    endpoint.sampling,
  );
  return { stage: 'prefer', passage, endpoint, messages, sampling, sampleIndex: 0, retry };
}

function whyTooLong(
  { context_length: most, name }: NamedEndpoint,
  question: readonly ChatMessage[],
): string | undefined {
  if (most === undefined) return undefined;
  const tokens = question.reduce((sum, { content }) => sum + estimateTokens(content), 0);
  if (tokens + ROOM_FOR_ANSWER <= most) return undefined;
  return `the pair of about ${tokens} tokens does not fit the context of ${most} tokens of endpoint ${name}`;
}
