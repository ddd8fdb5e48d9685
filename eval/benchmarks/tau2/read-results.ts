import { join } from 'node:path';
import { z } from 'zod';
import { readTextIfThere } from '../../../core/read-text.ts';
import type { ScoreColumn } from '../scores.ts';
import { passAtK, passHatK } from './trial-measures.ts';

/** The harness's own file of a domain, as far as scores need it. */
const Results = z.object({
  tasks: z.array(z.object({ id: z.string() })),
  simulations: z.array(
    z.object({
      task_id: z.string(),
      trial: z.number(),
      /** Saved with reward 0 where the endpoint gave no answer (skip_failed_samples). */
      skipped: z.boolean().default(false),
      reward_info: z.object({ reward: z.number() }).nullish(),
    }),
  ),
});

/** The harness calls a reward a success from here on. */
const SUCCESS = 1 - 1e-6;

/**
 * A domain's columns, by task: Avg@trials, Pass@trials and pass^1 to pass^trials, over the trials that have an answer.
 * None where the harness has written nothing yet.
 */
export async function tau2Columns(
  folder: string,
  domain: string,
  trials: number,
): Promise<ScoreColumn[]> {
  const text = await readTextIfThere(join(folder, `${domain}.json`));
  if (text === undefined) return [];
  const { tasks, simulations } = Results.parse(JSON.parse(text));
  const rewards = new Map(tasks.map(({ id }) => [id, new Map<number, number>()]));
  for (const { task_id, trial, skipped, reward_info } of simulations)
    if (!skipped) rewards.get(task_id)?.set(trial, reward_info?.reward ?? 0);
  const byTask = [...rewards].map(([task, byTrial]) => ({ task, all: [...byTrial.values()] }));
  const answered = byTask.reduce((total, { all }) => total + all.length, 0);
  const column = (name: string, measure: (all: number[]) => number | null): ScoreColumn => ({
    group: domain,
    name,
    planned: tasks.length * trials,
    answered,
    values: Object.fromEntries(
      byTask.flatMap(({ task, all }) => {
        const value = all.length === 0 ? null : measure(all);
        return value === null ? [] : [[task, value]];
      }),
    ),
  });
  const successes = (all: number[]) => all.filter((reward) => reward >= SUCCESS).length;
  return [
    column(`Avg@${trials}`, (all) => all.reduce((sum, reward) => sum + reward, 0) / all.length),
    column(`Pass@${trials}`, (all) => passAtK(all.length, successes(all), trials)),
    ...Array.from({ length: trials }, (_, index) =>
      column(`pass^${index + 1}`, (all) => passHatK(all.length, successes(all), index + 1)),
    ),
  ];
}
