import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startOfflineTeacher } from '../../../synth/offline/server.ts';
import { filter } from '../../../synth/stages/filter.ts';
import { COMPACT, passageOf } from './ask.ts';
import { KAYAKS } from './passages.ts';

let teacher: Awaited<ReturnType<typeof startOfflineTeacher>>;
beforeAll(async () => {
  teacher = await startOfflineTeacher(COMPACT);
});
afterAll(() => teacher.close());

const { system, user } = filter.prompt({ passage: passageOf(KAYAKS) }, 'tags');
const question = {
  model: 'offline-teacher',
  messages: [
    { role: 'system', content: system },
    { role: 'user', content: user },
  ],
};

async function post(body: unknown): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${teacher.url}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

describe('the server of the offline teacher', () => {
  it('lists its model and its health', async () => {
    const models: unknown = await (await fetch(`${teacher.url}/models`)).json();
    expect(models).toMatchObject({ data: [{ id: 'offline-teacher' }] });
    expect((await fetch(`${new URL(teacher.url).origin}/health`)).status).toBe(200);
  });

  it('completes a prompt with usage', async () => {
    const { status, body } = await post(question);
    expect(status).toBe(200);
    expect(body).toMatchObject({
      choices: [
        {
          finish_reason: 'stop',
          message: { role: 'assistant', content: expect.stringContaining('<multi_step>True') },
        },
      ],
      usage: {
        prompt_tokens: expect.any(Number),
        completion_tokens: expect.any(Number),
        prompt_tokens_details: { cached_tokens: 0 },
      },
    });
  });

  it('cuts an answer that is longer than max_tokens', async () => {
    const { body } = await post({ ...question, max_tokens: 5 });
    expect(body).toMatchObject({
      choices: [{ finish_reason: 'length' }],
      usage: { completion_tokens: 5 },
    });
  });

  it('turns down other models, tasks and bodies in the form of OpenAI', async () => {
    expect(await post({ ...question, model: 'gpt' })).toMatchObject({
      status: 404,
      body: { error: { code: 'model_not_found' } },
    });
    expect(await post({ ...question, messages: [{ role: 'user', content: 'Hi' }] })).toMatchObject({
      status: 400,
      body: { error: { code: 'unknown_task' } },
    });
    expect(await post('no object')).toMatchObject({
      status: 400,
      body: { error: { type: 'invalid_request_error' } },
    });
    expect(await post({ ...question, stream: true })).toMatchObject({ status: 400 });
    expect((await fetch(`${teacher.url}/embeddings`)).status).toBe(404);
  });

  it('answers many at once', async () => {
    const answers = await Promise.all(Array.from({ length: 50 }, () => post(question)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });
});
