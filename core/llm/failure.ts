import { APIConnectionError, APIError, APIUserAbortError } from 'openai';
import { errorCode, errorMessage } from '../errors.ts';
import { withoutSecrets } from '../secrets.ts';
import { OversizedBodyError } from './whole-fetch.ts';

/**
 * What went wrong with a request:
 * - throttled: the server wants fewer requests (429, 529, 503 with Retry-After); asked again with much patience
 * - transport: the answer did not arrive whole (5xx, timeout, reset, no JSON); asked again a few times
 * - refused: this request is not acceptable to the server (400, 413, 422, 501); asking again would not help
 * - forbidden: 403; a wrong key when nothing was ever answered, else a filter in front of the server
 * - fatal: no request can succeed (wrong key, unknown model, no credit); the run stops
 */
type FailureKind = 'throttled' | 'transport' | 'refused' | 'forbidden' | 'fatal';

export interface Failure {
  kind: FailureKind;
  /** One line for people: what happened, without the cause's trace. */
  reason: string;
  status: number | null;
  /** Seconds that the server asked us to wait. */
  retryAfter: number | null;
  /** The connection itself failed: a replica may be dead. */
  unreachable: boolean;
  /** The server may have worked for the request, and billed it. */
  maybeBilled: boolean;
}

/** An answer that arrived with status 200 but is not a chat completion. */
export class MalformedResponseError extends Error {
  override readonly name = 'MalformedResponseError';
}

/** The time allowed for a whole request, body included, was over. */
export class RequestTimeoutError extends Error {
  override readonly name = 'RequestTimeoutError';
}

/** Sorts an error of the client into one of the kinds. */
export function classifyFailure(error: unknown): Failure {
  if (error instanceof RequestTimeoutError) return transport(error.message, { maybeBilled: true });
  if (error instanceof MalformedResponseError)
    return transport(error.message, { maybeBilled: true });
  const origin = innermost(error);
  if (origin instanceof OversizedBodyError) return transport(origin.message, { maybeBilled: true });
  if (error instanceof APIConnectionError || error instanceof APIUserAbortError)
    return connectionFailure(error);
  if (error instanceof APIError && typeof error.status === 'number')
    return statusFailure(error, error.status);
  return connectionFailure(error);
}

function transport(reason: string, over: Partial<Failure> = {}): Failure {
  return {
    kind: 'transport',
    reason,
    status: null,
    retryAfter: null,
    unreachable: false,
    maybeBilled: false,
    ...over,
  };
}

const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** No certificate that can be trusted, or no TLS at all: nothing was sent, and the next try will find the same. */
const UNTRUSTED =
  /^(CERT_|ERR_TLS_|ERR_SSL_|SELF_SIGNED_|UNABLE_TO_|DEPTH_ZERO_SELF_SIGNED_CERT$|EPROTO$)/;

function connectionFailure(error: unknown): Failure {
  const code = errorCode(error);
  const untrusted = code !== undefined && UNTRUSTED.test(code);
  const unreachable = untrusted || (code !== undefined && UNREACHABLE.has(code));
  const advice = untrusted
    ? ' (for an authority of your own, NODE_EXTRA_CA_CERTS=FILE; no https where the server has none)'
    : '';
  const reason = withoutSecrets(`connection failed: ${errorMessage(innermost(error))}${advice}`);
  return transport(reason, { unreachable, maybeBilled: !unreachable });
}

function innermost(error: unknown): unknown {
  let current = error;
  while (current instanceof Error && current.cause instanceof Error) current = current.cause;
  return current;
}

function statusFailure(error: APIError, status: number): Failure {
  const common = {
    reason: withoutSecrets(`HTTP ${status}: ${locationOf(error)}${messageOf(error)}`),
    status,
    retryAfter: retryAfterSeconds(error),
    unreachable: false,
    maybeBilled: status >= 500 && !NOT_BEGUN.has(status),
  };
  return { kind: kindOf(error, status, common.retryAfter), ...common };
}

/**
 * A server that sends away has not begun, nor one that a gateway could not reach (above 519 the numbers are Cloudflare's);
 * after 502, 504, 520 and 524 it may go on working.
 */
const NOT_BEGUN = new Set([501, 503, 505, 521, 522, 523, 525, 526, 529, 530]);

/** The key, the address or the account is at fault, so that no request can succeed. */
const FATAL = new Set([401, 402, 404, 405, 407, 410]);

/** RFC 9110: what the server cannot do, it will not do the next time either. */
const REFUSED_BY_SERVER = new Set([501, 505]);

/** Of the client errors, those that another try can mend; 421 wants another connection. */
const PASSING = new Set([408, 409, 421, 425]);

function kindOf(error: APIError, status: number, retryAfter: number | null): FailureKind {
  if (FATAL.has(status) || (status >= 300 && status < 400)) return 'fatal';
  if (status === 403) return 'forbidden';
  if (status === 429) return isOutOfCredit(error) ? 'fatal' : 'throttled';
  if (status === 529) return 'throttled';
  if (status === 503) return retryAfter === null ? 'transport' : 'throttled';
  if (REFUSED_BY_SERVER.has(status)) return 'refused';
  if (PASSING.has(status) || status >= 500) return 'transport';
  return isUnknownModel(error, status) ? 'fatal' : 'refused';
}

const OUT_OF_CREDIT = new Set(['insufficient_quota', 'exceeded_current_quota', '1113']);

/** OpenAI, Moonshot and Z.AI say with a 429 that the money is gone; waiting does not bring it back. */
function isOutOfCredit(error: APIError): boolean {
  return OUT_OF_CREDIT.has(String(error.code)) || /insufficient balance/i.test(messageOf(error));
}

const UNKNOWN_MODEL =
  /model.{0,80}(not found|does not exist|doesn't exist|not exist|unknown)|server is pinned to/is;

/** transformers serve answers 400 for a foreign model. */
function isUnknownModel(error: APIError, status: number): boolean {
  if (error.code === 'model_not_found') return true;
  // The beginning only: some servers repeat the prompt in their message.
  return status === 400 && UNKNOWN_MODEL.test(messageOf(error));
}

/** A redirect is not followed: what is asked goes to the endpoints named and nowhere else. */
function locationOf(error: APIError): string {
  const location = error.headers?.get('location');
  return location == null
    ? ''
    : `redirected to ${location}; put that into base_url if it is right. `;
}

/** OpenAI's error body has a message; others answer with plain text or another shape. No code for the terminal. */
function messageOf(error: APIError): string {
  const text = error.message.replace(/^\d{3}\s*/, '').replace(/[\s\p{Cc}]+/gu, ' ');
  return text.length > 300 ? `${text.slice(0, 300)}...` : text;
}

/** Retry-After as seconds or as a date, or OpenAI's retry-after-ms. */
function retryAfterSeconds(error: APIError): number | null {
  const milliseconds = Number(error.headers?.get('retry-after-ms') ?? Number.NaN);
  if (Number.isFinite(milliseconds)) return bounded(milliseconds / 1000);
  const header = error.headers?.get('retry-after');
  if (header == null) return null;
  const seconds = Number(header);
  if (Number.isFinite(seconds)) return bounded(seconds);
  const date = Date.parse(header);
  // By the server's own clock where it tells it: ours may be wrong.
  const now = Date.parse(error.headers?.get('date') ?? '') || Date.now();
  return Number.isNaN(date) ? null : bounded((date - now) / 1000);
}

/** A wait of days is a mistake or a way to say never; nobody would see why nothing happens. */
const LONGEST_WAIT_S = 900;

function bounded(seconds: number): number {
  return Math.min(LONGEST_WAIT_S, Math.max(0, seconds));
}
