#!/usr/bin/env node
// An OpenAI-compatible server that costs next to nothing, a process of its own: benchmarks measure the client.
//
//   node test/helpers/loopback-server.mjs [--latency MS] [--answer BYTES] [--admit N] [--retry-after SECONDS] [--hash]
//
// Prints `{"port":N}` when it listens on 127.0.0.1. Every POST is answered with the same chat completion after the
// latency; above N admitted at a time it is 429 with Retry-After, at once. --hash tells requests apart by their
// bodies. GET /stats returns the counters below as JSON. Ends when its standard input does.
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';

const { values } = parseArgs({
  options: {
    latency: { type: 'string', default: '500' },
    answer: { type: 'string', default: '6144' },
    admit: { type: 'string', default: '0' },
    'retry-after': { type: 'string', default: '1' },
    hash: { type: 'boolean', default: false },
  },
});
const latency = Number(values.latency);
const admit = Number(values.admit) || Number.POSITIVE_INFINITY;

const seen = new Set();
const answeredHashes = new Set();
const stats = {
  requests: 0,
  answered: 0,
  refused: 0,
  /** Connections that ended before their answer did. */
  cut: 0,
  in_flight: 0,
  highest_in_flight: 0,
  request_bytes: 0,
  /** With --hash: different bodies, requests whose body came before, and those whose body was answered before. */
  distinct: 0,
  repeated: 0,
  repeated_answered: 0,
};

const ANSWER = Buffer.from(JSON.stringify(completionOf(Number(values.answer))));
const ANSWER_HEADERS = headersFor(ANSWER);
const REFUSAL = Buffer.from(JSON.stringify({ error: { message: 'too many requests at a time', type: 'rate_limit' } }));
const REFUSAL_HEADERS = [...headersFor(REFUSAL), 'retry-after', values['retry-after']];

const server = createServer((request, response) => {
  if (request.method === 'GET') return sendStats(response);
  const hash = values.hash ? createHash('md5') : null;
  request.on('data', (chunk) => {
    stats.request_bytes += chunk.length;
    hash?.update(chunk);
  });
  request.on('end', () => receive(response, hash?.digest('base64') ?? null));
});
server.keepAliveTimeout = 600_000;
server.listen(0, '127.0.0.1', 1024, () => process.stdout.write(`${JSON.stringify({ port: server.address().port })}\n`));
process.stdin.on('end', () => process.exit(0)).resume();

function receive(response, hash) {
  stats.requests += 1;
  if (hash !== null) note(hash);
  if (stats.in_flight >= admit) {
    stats.refused += 1;
    response.writeHead(429, REFUSAL_HEADERS).end(REFUSAL);
    return;
  }
  stats.in_flight += 1;
  stats.highest_in_flight = Math.max(stats.highest_in_flight, stats.in_flight);
  response.on('close', () => {
    stats.in_flight -= 1;
    if (!response.writableFinished) stats.cut += 1;
  });
  setTimeout(answer, latency, response, hash);
}

function answer(response, hash) {
  if (response.destroyed) return;
  stats.answered += 1;
  if (hash !== null) answeredHashes.add(hash);
  response.writeHead(200, ANSWER_HEADERS).end(ANSWER);
}

function note(hash) {
  if (seen.has(hash)) stats.repeated += 1;
  if (answeredHashes.has(hash)) stats.repeated_answered += 1;
  seen.add(hash);
  stats.distinct = seen.size;
}

function sendStats(response) {
  const body = Buffer.from(JSON.stringify(stats));
  response.writeHead(200, headersFor(body)).end(body);
}

function headersFor(body) {
  return ['content-type', 'application/json', 'content-length', String(body.length)];
}

function completionOf(bytes) {
  const content = 'The clerk looks the order up, names the limit and asks for the reason. '.repeat(bytes / 71);
  return {
    id: 'chatcmpl-loopback',
    object: 'chat.completion',
    created: 1_700_000_000,
    model: 'loopback',
    choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 512, completion_tokens: Math.round(bytes / 4), total_tokens: 512 + Math.round(bytes / 4) },
  };
}
