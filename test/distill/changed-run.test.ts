import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import type { DistillJob } from '../../distill/distill-job.ts';
import { DistillRules } from '../../distill/rules.ts';
import { openSources } from '../../distill/source-runs.ts';
import { survey } from '../../distill/survey.ts';
import { type Fate, writeDataset } from '../../distill/write-dataset.ts';
import { trajectory, writeRun } from '../eval/run-report/run-fixture.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

async function jobOver(run: string): Promise<DistillJob> {
  const allowed = { allowOffline: false, allowMixed: false, takeAccepted: false };
  return {
    name: 'rows',
    out: await temporaryFolder(),
    task: 'agent',
    sources: await openSources([run], allowed),
    trainers: ['trl'],
    columnar: false,
    tokenizer: null,
    screen: null,
    decontaminate: [],
    embeddings: null,
    maxTokens: 1000,
    validation: 0,
    test: 0,
    seed: 0,
    rules: DistillRules.parse({}),
    onProgress: () => {},
  };
}

it.each([
  ['grew', ['a', 'b', 'c'], /row c was not there before/],
  ['shrank', ['a'], /1 row is gone/],
  ['was made anew', ['a', 'd'], /row d was not there before/],
])('a run that %s between the two readings is refused, not mixed up', async (_, ids, message) => {
  const run = await writeRun({ accepted: [trajectory('a'), trajectory('b')] });
  const job = await jobOver(run);
  const rows = await survey(job, async () => {});
  const lines = ids.map((id) => `${JSON.stringify(trajectory(id))}\n`);
  await writeFile(join(run, 'trajectories.jsonl'), lines.join(''));
  const fates = rows.map((): Fate => ({ split: 'train' }));
  await expect(writeDataset(job, rows, fates)).rejects.toThrow(message);
});
