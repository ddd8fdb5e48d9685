import type { Failure } from '../../core/llm/failure.ts';

/** A status, what it is taken for, and whether the server may have worked (and bills) for the request. */
export interface StatusRow {
  status: number;
  means: string;
  kind: Failure['kind'];
  billed: boolean;
  headers?: Record<string, string>;
  body?: string;
}

const row = (
  status: number,
  means: string,
  kind: Failure['kind'],
  billed = false,
  more: Pick<StatusRow, 'headers' | 'body'> = {},
): StatusRow => ({ status, means, kind, billed, ...more });

const code = (name: string, message = 'no') =>
  JSON.stringify({ error: { message, type: 'error', code: name } });

/** Every status that a model's server, a gateway or a proxy is known to send. */
export const STATUSES: readonly StatusRow[] = [
  row(204, 'an answer without a body', 'transport', true, { body: '' }),
  row(300, 'several places', 'fatal'),
  row(301, 'moved', 'fatal', false, { headers: { location: 'http://elsewhere.invalid/v1' } }),
  row(302, 'found elsewhere', 'fatal', false, {
    headers: { location: 'http://elsewhere.invalid/' },
  }),
  row(304, 'not modified', 'fatal', false, { body: '' }),
  row(307, 'moved for now', 'fatal', false, { headers: { location: '/v2/chat/completions' } }),
  row(308, 'moved for good', 'fatal', false, { headers: { location: '/v2/chat/completions' } }),
  row(400, 'the request is not acceptable (a prompt that is too long, say)', 'refused'),
  row(400, 'the model is not known', 'fatal', false, { body: code('model_not_found') }),
  row(401, 'a wrong key', 'fatal'),
  row(402, 'no money', 'fatal'),
  row(403, 'a wrong key, or a filter once the server has answered', 'forbidden'),
  row(404, 'no such model or path', 'fatal'),
  row(405, 'no such method: a wrong path', 'fatal'),
  row(406, 'not acceptable', 'refused'),
  row(407, 'a proxy wants to know who asks', 'fatal'),
  row(408, 'the server waited too long', 'transport'),
  row(409, 'a conflict', 'transport'),
  row(410, 'gone: a model that was retired', 'fatal'),
  row(413, 'too large', 'refused'),
  row(414, 'too long an address', 'refused'),
  row(415, 'a media type that is not taken', 'refused'),
  row(418, 'a teapot, or a gateway that takes us for a robot', 'refused'),
  row(421, 'the wrong connection', 'transport'),
  row(422, 'a body that is not understood', 'refused'),
  row(425, 'too early', 'transport'),
  row(426, 'another protocol is wanted', 'refused'),
  row(428, 'a condition is wanted', 'refused'),
  row(429, 'too many requests', 'throttled'),
  row(429, 'no money, as OpenAI, Moonshot and Z.AI say it', 'fatal', false, {
    body: code('insufficient_quota'),
  }),
  row(431, 'headers too large', 'refused'),
  row(451, 'refused for legal reasons', 'refused'),
  row(500, 'an error of the server', 'transport', true),
  row(501, 'not implemented', 'refused'),
  row(502, 'a gateway got no answer', 'transport', true),
  row(503, 'not available', 'transport'),
  row(503, 'not available, with Retry-After', 'throttled', false, {
    headers: { 'retry-after': '7' },
  }),
  row(504, 'a gateway waited too long', 'transport', true),
  row(505, 'another version of HTTP', 'refused'),
  row(507, 'no room left', 'transport', true),
  row(508, 'a loop', 'transport', true),
  row(511, 'a network that wants a login', 'transport', true),
  row(520, 'Cloudflare: an unreadable answer', 'transport', true),
  row(521, 'Cloudflare: the server is down', 'transport'),
  row(522, 'Cloudflare: no connection in time', 'transport'),
  row(523, 'Cloudflare: the server cannot be reached', 'transport'),
  row(524, 'Cloudflare: no answer in time', 'transport', true),
  row(525, 'Cloudflare: no TLS', 'transport'),
  row(526, 'Cloudflare: a bad certificate', 'transport'),
  row(527, 'Cloudflare: Railgun', 'transport', true),
  row(529, 'overloaded', 'throttled'),
  row(530, 'Cloudflare: no such host', 'transport'),
  row(599, 'any other of the server', 'transport', true),
];
