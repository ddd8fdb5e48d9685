import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { z } from 'zod';
import { type Action, answer } from '../../helpers/model-actions.ts';
import { type Asked, calling } from './oracle-server.ts';

const Task = z.object({
  id: z.string(),
  scenario: z.string(),
  actions: z.array(z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) })),
  communicate: z.array(z.string()),
});

const TRUTH = fileURLToPath(new URL('fixtures/tau2_truth.py', import.meta.url));

/** A user that names its task and is content with the first answer, and an agent that does what the task asks. */
export async function tau2Oracle(
  python: string,
  domain: string,
  count: number,
): Promise<{ user: (asked: Asked) => Action; agent: (asked: Asked) => Action }> {
  const { stdout } = await execa(python, [TRUTH, domain, String(count)], {
    env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
  });
  const tasks = z.array(Task).parse(JSON.parse(stdout));
  return {
    user: ({ messages }) => {
      const [system, ...others] = messages;
      const task = tasks.find(({ scenario }) => system?.content?.includes(scenario));
      const hasSpoken = others.some(({ role }) => role === 'assistant');
      return answer(hasSpoken ? '###STOP###' : `I come with task ${task?.id ?? 'unknown'}.`);
    },
    agent: ({ messages }) => {
      const said = messages.find(({ role }) => role === 'user')?.content ?? '';
      const task = tasks.find(({ id }) => said === `I come with task ${id}.`);
      const done = messages.filter(({ role }) => role === 'tool').length;
      const next = task?.actions[done];
      if (next !== undefined) return calling([next]);
      return answer(`All is done. ${task?.communicate.join(' ') ?? ''}`);
    },
  };
}
