import { hashValue } from '../hash.ts';
import type { NamedEndpoint, ResolvedSampling } from './endpoint.ts';

export interface ChatMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

/** OpenAI's response_format, where a stage wants JSON and the endpoint can promise it. */
export type ResponseFormat =
  | { type: 'json_object' }
  | {
      type: 'json_schema';
      json_schema: { name: string; schema: Record<string, unknown>; strict?: boolean };
    };

/** One question to one endpoint, on behalf of a passage's stage. */
export interface ModelRequest {
  stage: string;
  passage: string;
  endpoint: NamedEndpoint;
  messages: ChatMessage[];
  sampling: ResolvedSampling;
  responseFormat?: ResponseFormat | undefined;
  /** Tells apart several samples of the same question. */
  sampleIndex: number;
  /** How many unreadable answers came before: asked again, the same words are another request. */
  retry: number;
}

/**
 * The journal's key of a request: SHA-256 over all that shapes the answer, and nothing that does not (URL, timeouts,
 * concurrency, prices), so that a run can move to another server (design: A run).
 */
export function requestKey(request: ModelRequest): string {
  const { stage, endpoint, messages, sampling, responseFormat, sampleIndex, retry } = request;
  return hashValue({
    stage,
    model: endpoint.model,
    messages,
    sampling,
    responseFormat,
    sampleIndex,
    retry,
    extraBody: bodyExtras(endpoint),
  });
}

/** The request's body on the wire. */
export function requestBody(request: ModelRequest): Record<string, unknown> {
  const { endpoint, messages, sampling, responseFormat } = request;
  return {
    model: endpoint.model,
    messages,
    ...sampling,
    ...(responseFormat === undefined ? {} : { response_format: responseFormat }),
    ...bodyExtras(endpoint),
  };
}

function bodyExtras(endpoint: NamedEndpoint): Record<string, unknown> {
  return { ...endpoint.extra_body, ...endpoint.thinking?.body };
}
