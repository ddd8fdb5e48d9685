import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { trajectory, writeRun } from '../eval/run-report/run-fixture.ts';
import { startEmbeddings } from '../helpers/embedding-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { readDataset } from './datasets.ts';
import { distillHere } from './distill-here.ts';

/** Every byte is a token. */
const BYTES = {
  added_tokens: [],
  normalizer: null,
  pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
  post_processor: null,
  decoder: null,
  model: {
    type: 'BPE',
    unk_token: 'a',
    vocab: { a: 0 },
    merges: [],
  },
};

/** Makes a dataset by a tokenizer.json that has no chat template. */
async function estimated() {
  const [folder, run] = await Promise.all([
    temporaryFolder(),
    writeRun({ accepted: [trajectory('a')] }),
  ]);
  const [tokenizer, rules] = [join(folder, 'tokenizer.json'), join(folder, 'rules.yaml')];
  await writeFile(tokenizer, JSON.stringify(BYTES));
  await writeFile(rules, 'checks: { gate: none }\n');
  const out = join(folder, 'out');
  const task = ['--task', 'agent', '--trainer', 'trl', '--no-columnar', '--rules', rules];
  const flags = ['--run', run, '--out', out, ...task];
  await distillHere(...flags, '--tokenizer', tokenizer);
  return { folder, out, tokenizer, flags };
}

it('a tokenizer without a chat template counts the texts, and is named with the estimate', async () => {
  const { out, tokenizer, flags } = await estimated();
  const { manifest } = await readDataset(out);
  expect(manifest.tokenizer).toBeNull();
  expect(manifest.estimated_with?.name).toBe(tokenizer);
  const card = await readFile(join(out, 'README.md'), 'utf8');
  expect(card).toContain(`Tokens are estimated: texts as counted by ${tokenizer}`);
  expect(await distillHere('inspect', out)).toContain(`(by ${tokenizer}, without a chat template)`);
  await expect(distillHere(...flags)).rejects.toThrow('--replace');
});

it('a dataset that was held against other things is another one', async () => {
  const { folder, tokenizer, flags } = await estimated();
  const same = [...flags, '--tokenizer', tokenizer];
  expect(await distillHere(...same)).toContain('is there already');
  const { endpoint } = await startEmbeddings(() => [1]);
  const [benchmark, endpoints] = [join(folder, 'lake.jsonl'), join(folder, 'endpoints.yaml')];
  await writeFile(benchmark, '{"text": "Rent a boat on the lake."}\n');
  const { base_url, model } = endpoint;
  await writeFile(endpoints, JSON.stringify({ endpoints: { vectors: { base_url, model } } }));
  const screened = [...same, '--decontaminate', benchmark];
  await distillHere(...screened, '--replace');
  expect(await distillHere(...screened)).toContain('is there already');
  await expect(
    distillHere(...screened, '--endpoints', endpoints, '--embedding-endpoint', 'vectors'),
  ).rejects.toThrow('--replace');
  await writeFile(benchmark, '{"text": "Rent a canoe on the river."}\n');
  await expect(distillHere(...screened)).rejects.toThrow('--replace');
});

it('a dataset that was to be replaced stays where no row is left for another', async () => {
  const { out, flags } = await estimated();
  const before = await readFile(join(out, 'manifest.json'), 'utf8');
  await expect(distillHere(...flags, '--max-tokens', '1', '--replace')).rejects.toThrow(
    'no row is left',
  );
  expect(await readFile(join(out, 'manifest.json'), 'utf8')).toBe(before);
  expect((await readDataset(out)).manifest.state).toBe('finished');
  expect(await readdir(out)).not.toContain('decontamination.jsonl.tmp');
});

it('runs of one name are told apart', async () => {
  const [one, two] = await Promise.all(['a', 'b'].map(namedRun));
  const out = join(await temporaryFolder(), 'out');
  const rules = join(await temporaryFolder(), 'rules.yaml');
  await writeFile(rules, 'checks: { gate: none }\nduplicates: { passage_jaccard: null }\n');
  const task = ['--task', 'agent', '--trainer', 'trl', '--no-columnar', '--rules', rules];
  await distillHere('--run', one ?? '', '--run', two ?? '', '--out', out, ...task);
  const { manifest, decisions } = await readDataset(out);
  expect(manifest.sources.map(({ name, kept }) => [name, kept])).toEqual([
    ['full', 1],
    ['full-2', 1],
  ]);
  expect(decisions.map(({ id, run }) => [id, run])).toEqual([
    ['a', 'full'],
    ['b', 'full-2'],
  ]);
});

/** A run of one row, in a folder called full. */
async function namedRun(id: string, index: number): Promise<string> {
  const { source } = trajectory(id);
  const text = `${id} `.repeat(40);
  const row = trajectory(id, { turns: index + 1, source: { ...source, id: `quay-${id}`, text } });
  const folder = join(await temporaryFolder(), 'full');
  await rename(await writeRun({ accepted: [row] }), folder);
  return folder;
}
