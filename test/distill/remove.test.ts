import { existsSync } from 'node:fs';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trajectory, writeRun } from '../eval/run-report/run-fixture.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { linesOf, readDataset } from './datasets.ts';
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

it('a document that was all of a split leaves the columnar files, and a stopped removal is ended by the same call', async () => {
  const { source } = trajectory('a');
  const passageOf = (id: string) => ({ ...source, id: `quay-${id}`, text: words(id) });
  const rows = ['a', 'b', 'c'].map((id, index) =>
    trajectory(id, { turns: index + 1, source: passageOf(id) }),
  );
  const out = join(await temporaryFolder(), 'out');
  const rules = join(await temporaryFolder(), 'rules.yaml');
  await writeFile(rules, 'checks: { gate: none }\nduplicates: { conversation_jaccard: null }\n');
  const flags = ['--task', 'agent', '--trainer', 'trl', '--validation', '0', '--test', '1'];
  await distillHere(
    '--run',
    await writeRun({ accepted: rows }),
    '--out',
    out,
    '--rules',
    rules,
    ...flags,
  );
  const { rows: written } = await readDataset(out);
  const [tested] = await written('trl', 'test');
  const source_id = tested?.source_id ?? '';
  expect(existsSync(join(out, 'data', 'test.parquet'))).toBe(true);

  await distillHere('remove', out, '--source', source_id);
  const files = (await readdir(out, { recursive: true })).filter((name) => name.includes('test'));
  expect(files).toEqual([]);
  for (const name of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!name.isFile() || !/parquet|arrow$/.test(name.name)) continue;
    expect(await readFile(join(name.parentPath, name.name), 'latin1')).not.toContain(source_id);
  }

  // Stopped after the decisions, before what follows from them.
  await rm(join(out, 'README.md'));
  expect(await distillHere('remove', out, '--source', source_id)).toContain('0 rows taken out');
  expect(existsSync(join(out, 'README.md'))).toBe(true);
});
