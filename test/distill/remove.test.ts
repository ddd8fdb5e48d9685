import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trajectory, writeRun } from '../eval/run-report/run-fixture.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { linesOf } from './datasets.ts';
import { distillHere } from './distill-here.ts';

const words = (name: string): string =>
  Array.from({ length: 20 }, (_, index) => `${name}${index}`).join(' ');

it('a document that is removed leaves the list of hits too, which quotes it', async () => {
  const { source } = trajectory('a');
  const told = 'boats longer than the inner quay lie';
  const run = await writeRun({
    accepted: ['a', 'b'].map((id, index) =>
      trajectory(id, {
        turns: index + 1,
        source: {
          ...source,
          id: `quay-${id}`,
          text: `${words(id)} ${told} outside ${words(`${id}x`)}`,
        },
      }),
    ),
  });
  const folder = await temporaryFolder();
  const [rules, benchmark] = [join(folder, 'rules.yaml'), join(folder, 'bench.jsonl')];
  await writeFile(rules, 'checks: { gate: none }\nduplicates: { conversation_jaccard: null }\n');
  // Eight words of its many: listed, and not enough to drop a row.
  await writeFile(benchmark, `${JSON.stringify({ text: `${told} outside ${words('other')}` })}\n`);
  const out = join(folder, 'out');
  const flags = ['--task', 'agent', '--trainer', 'trl', '--no-columnar', '--validation', '0'];
  // A benchmark of no rows in common, with a comma between: both are read.
  const benchmarks = ['--decontaminate', `bfcl,${benchmark}`];
  await distillHere('--run', run, '--out', out, '--rules', rules, ...flags, ...benchmarks);
  const hits = join(out, 'decontamination.jsonl');
  expect(await linesOf(hits)).toMatchObject([{ row: 'a', drop: false }, { row: 'b' }]);

  const removed = await distillHere('remove', out, '--source', 'quay-a');
  expect(removed).toContain('1 row taken out');
  expect(await linesOf(hits)).toMatchObject([{ row: 'b' }]);
  expect(await readFile(join(out, 'trl', 'train.jsonl'), 'utf8')).not.toContain('quay-a');
  await distillHere('remove', out, '--source', 'quay-b');
  expect(await linesOf(hits)).toEqual([]);
});
