import { UsageError } from '../core/errors.ts';
import { keyPlaceOf } from '../core/llm/api-key.ts';
import { ChatClient, type ChatResponse } from '../core/llm/chat-client.ts';
import { type NamedEndpoint, resolveSampling, urlsOf } from '../core/llm/endpoint.ts';
import { classifyFailure } from '../core/llm/failure.ts';
import { type ResponseFormat, requestBody } from '../core/llm/request.ts';
import { listModels } from '../core/llm/server-models.ts';
import { estimateTokens } from '../core/text/tokens.ts';
import { withoutThinking } from './ask-stage.ts';

/** One thing looked at: true is well, false is not, null could not or need not be told. */
export interface Finding {
  what: string;
  ok: boolean | null;
  text: string;
}

const SCHEMA = {
  type: 'object',
  properties: {
    colour: { type: 'string', enum: ['red', 'green', 'blue'] },
    number: { type: 'integer' },
  },
  required: ['colour', 'number'],
  additionalProperties: false,
};

/** Asks an endpoint a few small things; each server of it by itself. */
export async function examine(endpoint: NamedEndpoint): Promise<Finding[]> {
  let client: ChatClient;
  try {
    client = new ChatClient(endpoint);
  } catch (error) {
    if (error instanceof UsageError) return [{ what: 'key', ok: false, text: error.message }];
    throw error;
  }
  const findings: Finding[] = [];
  for (const url of urlsOf(endpoint))
    findings.push(...(await examineServer(endpoint, client, url)));
  return findings;
}

async function examineServer(
  endpoint: NamedEndpoint,
  client: ChatClient,
  url: string,
): Promise<Finding[]> {
  const models = await modelFinding(endpoint, url);
  const answer = await ask(
    endpoint,
    client,
    url,
    'Count from 1 to 60 in digits, separated by spaces.',
  );
  if ('failure' in answer)
    return [models, { what: `answer from ${url}`, ok: false, text: answer.failure }];
  const findings = [models, speedFinding(url, answer), thinkingFinding(endpoint, answer.response)];
  if (endpoint.structured_output !== 'none')
    findings.push(await structuredFinding(endpoint, client, url));
  return findings;
}

/** Some servers list no local model (foundations.md), so a missing name is a remark, not a fault. */
async function modelFinding(endpoint: NamedEndpoint, url: string): Promise<Finding> {
  const what = `models of ${url}`;
  try {
    const models = await listModels(endpoint, url);
    if (models.includes(endpoint.model))
      return { what, ok: true, text: `${endpoint.model} is among ${models.length}` };
    return {
      what,
      ok: null,
      text: `${endpoint.model} is not listed; the server has ${models.slice(0, 5).join(', ') || 'none'}`,
    };
  } catch (error) {
    return { what, ok: null, text: `cannot be listed: ${classifyFailure(error).reason}` };
  }
}

interface Timed {
  response: ChatResponse;
  seconds: number;
}

async function ask(
  endpoint: NamedEndpoint,
  client: ChatClient,
  url: string,
  question: string,
  responseFormat?: ResponseFormat,
): Promise<Timed | { failure: string }> {
  const body = requestBody({
    stage: 'doctor',
    passage: '',
    endpoint,
    // The first line is for the offline teacher, which answers by task.
    messages: [{ role: 'user', content: `Task: doctor\n${question}` }],
    sampling: resolveSampling(endpoint.sampling, { max_tokens: 512 }),
    responseFormat,
    sampleIndex: 0,
    retry: 0,
  });
  const start = performance.now();
  try {
    const response = await client.complete(url, body, AbortSignal.timeout(60_000));
    return { response, seconds: (performance.now() - start) / 1000 };
  } catch (error) {
    const { kind, reason } = classifyFailure(error);
    const advice = `check model, base_url${keyPlaceOf(endpoint)}`;
    return { failure: kind === 'fatal' ? `${reason}; ${advice}` : reason };
  }
}

function speedFinding(url: string, { response, seconds }: Timed): Finding {
  const text = textOf(response);
  const tokens = response.completion.usage?.completion_tokens ?? estimateTokens(text);
  const speed = `${tokens} tokens in ${seconds.toFixed(2)} s, ${(tokens / seconds).toFixed(0)} tokens/s`;
  if (response.completion.usage == null) {
    return {
      what: `answer from ${url}`,
      ok: null,
      text: `${speed}; the server reports no usage, so tokens and money will be estimates`,
    };
  }
  return { what: `answer from ${url}`, ok: true, text: speed };
}

function thinkingFinding(endpoint: NamedEndpoint, response: ChatResponse): Finding {
  const what = 'thinking';
  const message = response.completion.choices[0]?.message;
  const thinks =
    Boolean(message?.reasoning_content || message?.reasoning) ||
    withoutThinking(textOf(response)) !== textOf(response).trim();
  if (endpoint.thinking === undefined) {
    return {
      what,
      ok: null,
      text: thinks
        ? 'the model thinks, and the entry says nothing of it: its tokens are paid for'
        : 'none seen',
    };
  }
  const { enabled } = endpoint.thinking;
  if (thinks === enabled)
    return { what, ok: true, text: enabled ? 'on, as the entry says' : 'off, as the entry says' };
  return {
    what,
    ok: enabled ? null : false,
    text: enabled
      ? 'on in the entry, none seen'
      : 'off in the entry, but the model thinks: see thinking.body',
  };
}

async function structuredFinding(
  endpoint: NamedEndpoint,
  client: ChatClient,
  url: string,
): Promise<Finding> {
  const what = `structured output (${endpoint.structured_output})`;
  const format: ResponseFormat =
    endpoint.structured_output === 'json_object'
      ? { type: 'json_object' }
      : { type: 'json_schema', json_schema: { name: 'answer', schema: SCHEMA } };
  // The question asks for prose, so that only a server that honours the format answers with JSON.
  const asked =
    endpoint.structured_output === 'json_object'
      ? 'Answer in JSON: a colour and a number.'
      : 'Tell me of a colour and a number.';
  const answer = await ask(endpoint, client, url, asked, format);
  if ('failure' in answer) return { what, ok: false, text: answer.failure };
  const text = withoutThinking(textOf(answer.response));
  try {
    JSON.parse(text);
    return { what, ok: true, text: 'honoured' };
  } catch {
    return {
      what,
      ok: false,
      text: `not honoured: ${JSON.stringify(text.slice(0, 60))}; set structured_output: none, or use tags`,
    };
  }
}

const textOf = ({ completion }: ChatResponse): string =>
  completion.choices[0]?.message.content ?? '';
