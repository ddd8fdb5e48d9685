import { describe, expect, it } from 'vitest';
import { batchInputLine, readBatchResult } from '../../../core/llm/batch-lines.ts';
import { batchLimits, batchPriced } from '../../../core/llm/batch-terms.ts';
import { endpointAt, request } from '../../helpers/scripted-engine.ts';

const endpoint = endpointAt('http://127.0.0.1:9/v1');

const read = (value: unknown) =>
  readBatchResult(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)));

const completion = {
  choices: [{ message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 3, completion_tokens: 1 },
};

describe('a line of a batch', () => {
  it("is OpenAI's, with the request as a live one would send it", () => {
    const asked = request({ ...endpoint, extra_body: { top_k: 20 } }, 'Is it?', {
      responseFormat: { type: 'json_object' },
    });
    expect(JSON.parse(batchInputLine('k1', asked))).toEqual({
      custom_id: 'k1',
      method: 'POST',
      url: '/v1/chat/completions',
      body: {
        model: 'scripted',
        messages: asked.messages,
        max_tokens: 50,
        response_format: { type: 'json_object' },
        top_k: 20,
      },
    });
  });
});

describe('a line of the results', () => {
  it('is an answer', () => {
    const result = read({
      custom_id: 'k1',
      response: { status_code: 200, body: completion },
      error: null,
    });
    expect(result).toMatchObject({
      key: 'k1',
      kind: 'answered',
      response: { raw: JSON.stringify(completion) },
    });
  });

  it.each([
    [
      "OpenAI's error with a body",
      { response: { status_code: 400, body: { error: { message: 'too long', code: 'x' } } } },
      { kind: 'refused', status: 400, reason: 'HTTP 400: too long' },
    ],
    [
      "OpenAI's error without a response",
      { response: null, error: { code: 'server_error', message: 'try again' } },
      { kind: 'transport', status: null, reason: 'server_error: try again' },
    ],
    [
      "vLLM's error object",
      {
        response: { status_code: 400, request_id: 'r', body: null },
        error: {
          error: { message: 'the prompt does not fit', type: 'BadRequestError', code: 400 },
        },
      },
      { kind: 'refused', status: 400, reason: 'HTTP 400: the prompt does not fit' },
    ],
    [
      "vLLM's plain words",
      { response: { status_code: 400, request_id: 'r', body: null }, error: 'no stream mode' },
      { kind: 'refused', status: 400, reason: 'HTTP 400: no stream mode' },
    ],
    [
      'a model that is not there',
      { response: { status_code: 404, body: { error: { message: 'no such model' } } } },
      { kind: 'fatal', status: 404, reason: 'HTTP 404: no such model' },
    ],
    [
      'status 200 with something that is no completion',
      { response: { status_code: 200, body: { choices: [] } }, error: null },
      { kind: 'transport', maybeBilled: true },
    ],
  ])('is a failure: %s', (_, line, failure) => {
    expect(read({ custom_id: 'k1', ...line })).toMatchObject({
      key: 'k1',
      kind: 'failed',
      failure,
    });
  });

  it('is neither where its batch was over before it', () => {
    const error = { code: 'batch_expired', message: 'not done in time' };
    expect(read({ custom_id: 'k1', response: null, error })).toEqual({ key: 'k1', kind: 'left' });
  });

  it('is none where it was cut short, has no id or is no UTF-8', () => {
    expect(read('{"custom_id":"k1","respo')).toBeUndefined();
    expect(read({ response: { status_code: 200, body: completion } })).toBeUndefined();
    const line = JSON.stringify({ custom_id: 'k1', response: { body: completion }, error: null });
    const bytes = Buffer.from(line.replace('yes', 'y\u0001s'));
    bytes[bytes.indexOf(1)] = 0xff;
    expect(readBatchResult(bytes)).toBeUndefined();
  });
});

describe("a provider's terms", () => {
  it('are half the price, 50,000 lines and 200 MB unless the entry says otherwise', () => {
    const prices = { input: 2, cached_input: 0.5, output: 8 };
    expect(batchPriced({ ...endpoint, prices }).prices).toEqual({
      input: 1,
      cached_input: 0.25,
      output: 4,
    });
    expect(batchPriced({ ...endpoint, prices, batch_price_factor: 1 }).prices).toEqual(prices);
    expect(batchPriced(endpoint).prices).toBeUndefined();
    expect(batchLimits(endpoint)).toEqual({ requests: 50_000, bytes: 200_000_000 });
    expect(batchLimits({ ...endpoint, batch_max_requests: 10 }).requests).toBe(10);
  });
});
