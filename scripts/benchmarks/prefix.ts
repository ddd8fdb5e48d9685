// How many prompt tokens of a run a server with a prefix cache need not compute: a real run by the offline teacher
// against a loopback server that keeps a cache of blocks of 16 tokens by hash chain, as vLLM does, and counts.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { readManifest } from '../../core/run/manifest.ts';
import { defaultTokenizer } from '../../core/text/tokenizer.ts';
import { machine } from './machine.ts';
import { PrefixCache } from './prefix-cache.ts';
import { type Shared, startPrefixServer } from './prefix-server.ts';
import { table } from './table.ts';

const USAGE = `usage: scripts/bench prefix [options]
  --input FILES...     the corpus (synth/sample/corpus.jsonl)
  --limit N            passages at most
  --workflows N        workflows a passage (2)
  --small N            tokens that the smaller of the two caches holds (20000)
  --concurrency N      requests at a time (64)
`;
const ROOT = join(import.meta.dirname, '..', '..');
const BLOCK = 16;

const { values } = parseArgs({
  options: {
    input: { type: 'string', multiple: true, default: [join(ROOT, 'synth/sample/corpus.jsonl')] },
    limit: { type: 'string' },
    workflows: { type: 'string', default: '2' },
    small: { type: 'string', default: '20000' },
    concurrency: { type: 'string', default: '64' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const tokenizer = await defaultTokenizer(undefined);
  const small = Number(values.small);
  const server = await startPrefixServer({
    encode: tokenizer === null ? (text) => Buffer.from(text) : (text) => tokenizer.encode(text),
    // Without a tokenizer a block is of bytes, four a token.
    caches: [
      new PrefixCache(tokenizer === null ? BLOCK * 4 : BLOCK),
      new PrefixCache(tokenizer === null ? BLOCK * 4 : BLOCK, Math.ceil(small / BLOCK)),
    ],
    defectRate: 0.3,
  });
  const folder = await mkdtemp(join(tmpdir(), 'bench-prefix-'));
  try {
    const run = join(folder, 'run');
    await synth(folder, run, server.url);
    const manifest = await readManifest(run);
    const unit = tokenizer === null ? 'bytes' : 'tokens of Qwen3';
    process.stdout.write(
      `${machine()}\n${manifest?.funnel.passages} passages, ${manifest?.total.requests} requests, ${values.concurrency} at a time; ${unit}, blocks of ${BLOCK} tokens\n\n`,
    );
    process.stdout.write(report(server.stages, small));
    const cached = manifest?.total.cached_tokens.toLocaleString('en-US');
    process.stdout.write(`\nthe run's own ledger: ${cached} cached tokens\n`);
  } finally {
    server.close();
    await rm(folder, { recursive: true, force: true });
  }
}

async function synth(folder: string, run: string, url: string): Promise<void> {
  const endpoints = join(folder, 'endpoints.yaml');
  const concurrency = `{ first: ${values.concurrency}, highest: ${values.concurrency} }`;
  const entry = `{ base_url: "${url}", model: offline-teacher, concurrency: ${concurrency} }`;
  await writeFile(endpoints, `endpoints: { counted: ${entry} }\n`);
  const flags = [
    ...['--endpoints', endpoints, '--endpoint', 'counted', '--run', run],
    ...['--workflows-per-passage', values.workflows, '--input', ...values.input],
    ...(values.limit === undefined ? [] : ['--limit', values.limit]),
  ];
  const program = join(ROOT, 'scripts', 'gem-traj.ts');
  await execa(process.execPath, ['--import', 'tsx', program, 'synth', ...flags], { cwd: ROOT });
}

function report(stages: Map<string, Shared>, small: number): string {
  const total: Shared = { requests: 0, units: 0, cached: [0, 0] };
  for (const { requests, units, cached } of stages.values()) {
    total.requests += requests;
    total.units += units;
    total.cached = total.cached.map((count, index) => count + (cached[index] ?? 0));
  }
  const head = ['stage', 'requests', 'prompt', 'shared', 'share', `share, ${small / 1000}K cache`];
  const lines = [...stages, ['all', total] as const].map(([stage, { requests, units, cached }]) => [
    stage,
    String(requests),
    units.toLocaleString('en-US'),
    (cached[0] ?? 0).toLocaleString('en-US'),
    ...cached.map((count) => `${((100 * count) / units).toFixed(1)}%`),
  ]);
  return table(head, lines);
}
