import { isUtf8 } from 'node:buffer';
import { APIError } from 'openai';
import { z } from 'zod';
import { withoutKeys } from '../secrets.ts';
import { type ChatResponse, readCompletion } from './chat-client.ts';
import { classifyFailure, type Failure } from './failure.ts';
import { type ModelRequest, requestBody } from './request.ts';

/** Where a batch's requests go, as its lines and the batch itself name it. */
export const BATCH_PATH = '/v1/chat/completions';

/** A request as a line of a batch's input file (OpenAI's Batch API; `vllm run-batch` reads the same). */
export function batchInputLine(key: string, request: ModelRequest): string {
  return JSON.stringify({
    custom_id: key,
    method: 'POST',
    url: BATCH_PATH,
    body: requestBody(request),
  });
}

/** What became of a line: its answer, why there is none, or that nobody came to it before the batch was over. */
export type BatchResult =
  | { key: string; kind: 'answered'; response: ChatResponse }
  | { key: string; kind: 'failed'; failure: Failure }
  | { key: string; kind: 'left' };

const ResultLine = z.object({
  custom_id: z.string(),
  response: z.object({ status_code: z.number().nullish(), body: z.unknown().optional() }).nullish(),
  error: z.unknown().optional(),
});

/** Reads a line of a batch's output or error file; undefined when it is none (cut short, no UTF-8, another shape). */
export function readBatchResult(bytes: Uint8Array): BatchResult | undefined {
  const line = ResultLine.safeParse(jsonOf(bytes));
  if (!line.success) return undefined;
  const { custom_id: key, response, error } = line.data;
  const said = problemIn(error) ?? problemIn(response?.body) ?? problemIn({ error });
  if (LEFT.has(said?.code ?? '')) return { key, kind: 'left' };
  const status = response?.status_code ?? null;
  const isAnswer = (status === null || status === 200) && said === undefined;
  if (isAnswer && response?.body != null) return answered(key, response.body);
  return { key, kind: 'failed', failure: failureOf(status, said) };
}

/** What OpenAI calls a line that was not begun when the batch's time was over or it was ended. */
const LEFT = new Set(['batch_expired', 'batch_cancelled']);

function jsonOf(bytes: Uint8Array): unknown {
  if (!isUtf8(bytes)) return undefined;
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

function answered(key: string, body: unknown): BatchResult {
  try {
    return { key, kind: 'answered', response: readCompletion(JSON.stringify(body)) };
  } catch (error) {
    return { key, kind: 'failed', failure: classifyFailure(error) };
  }
}

const Problem = z.object({
  message: z.string().nullish(),
  code: z.union([z.string(), z.number().transform(String)]).nullish(),
});
type Problem = z.infer<typeof Problem>;

/** OpenAI writes {code, message}; a body holds {error: {...}}; vLLM writes that, or a text alone. */
function problemIn(value: unknown): Problem | undefined {
  if (typeof value === 'string') return { message: value };
  if (typeof value !== 'object' || value === null) return undefined;
  if ('error' in value && value.error != null) return problemIn(value.error);
  const problem = Problem.safeParse(value);
  const { message, code } = problem.success ? problem.data : {};
  return message == null && code == null ? undefined : { message, code };
}

function failureOf(status: number | null, problem: Problem | undefined): Failure {
  const error = { message: problem?.message ?? 'no answer and no reason', code: problem?.code };
  if (status !== null && status >= 300)
    return classifyFailure(
      APIError.generate(status, { error }, withoutKeys(error.message), new Headers()),
    );
  return {
    kind: 'transport',
    reason: withoutKeys(`${error.code == null ? '' : `${error.code}: `}${error.message}`),
    status,
    retryAfter: null,
    unreachable: false,
    maybeBilled: false,
  };
}
