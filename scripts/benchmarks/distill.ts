// How fast each step of distill is, beside datasketch's MinHash over the same passages, and how much memory the whole
// command takes. The rows are made of the offline teacher's, filled up to 15 KB with words of their own.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { z } from 'zod';
import { packageRoot } from '../../core/package-root.ts';
import { baseTrajectories, writeRunOf } from './distill-rows.ts';
import { machine } from './machine.ts';
import { build, commandOf } from './measured-process.ts';
import { table } from './table.ts';

const USAGE = `usage: scripts/bench distill [options]
  --rows N       rows of the steps' figures (2000)
  --most N       rows of the largest dataset made (100000; a tenth of it is made too)
  --bytes N      bytes of a row (15000)
  --no-memory    the steps alone
  --no-python    without datasketch
`;
const ROOT = packageRoot();
const GEM_TRAJ = join(ROOT, 'dist', 'scripts', 'gem-traj.js');
const PYTHON = join(ROOT, '.venvs', 'datasketch', 'bin', 'python');

const Steps = z.object({
  rows: z.number(),
  kept: z.number(),
  steps: z.record(z.string(), z.number()),
});
const Sketch = z.object({ rows: z.number(), hash: z.number(), index: z.number() });
const Usage = z.object({ maxRSS: z.number() });
const Made = z.object({ read: z.number(), kept: z.number() });

const { values } = parseArgs({
  allowNegative: true,
  options: {
    rows: { type: 'string', default: '2000' },
    most: { type: 'string', default: '100000' },
    bytes: { type: 'string', default: '15000' },
    memory: { type: 'boolean', default: true },
    python: { type: 'boolean', default: true },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  process.stdout.write(`${machine()}\n\n`);
  await build();
  const folder = await mkdtemp(join(tmpdir(), 'bench-distill-'));
  try {
    const base = join(folder, 'base');
    const input = join(ROOT, 'synth', 'sample', 'corpus.jsonl');
    const synth = [
      'synth',
      '--offline',
      '--offline-size',
      'paper',
      '--input',
      input,
      '--run',
      base,
    ];
    await execa(process.execPath, [GEM_TRAJ, ...synth]);
    process.stdout.write(`${await steps(folder, base)}\n`);
    if (values.memory) process.stdout.write(await memory(folder, base));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function steps(folder: string, base: string): Promise<string> {
  const run = join(folder, 'steps');
  await writeRunOf(
    run,
    base,
    await baseTrajectories(base),
    Number(values.rows),
    Number(values.bytes),
  );
  const { stdout } = await execa(process.execPath, commandOf('distill-job', [run]));
  const {
    rows,
    kept,
    steps: taken,
  } = Steps.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
  const speed = (seconds: number) => (rows / seconds).toFixed(0);
  const lines = Object.entries(taken).map(([name, seconds]) => [
    name,
    seconds.toFixed(2),
    speed(seconds),
  ]);
  const total = Object.values(taken).reduce((sum, seconds) => sum + seconds, 0);
  lines.push(['all', total.toFixed(2), speed(total)]);
  if (values.python) {
    const sketch = await byPython(join(run, 'trajectories.jsonl'));
    lines.push(['datasketch: hash passages', sketch.hash.toFixed(2), speed(sketch.hash)]);
    lines.push(['datasketch: index', sketch.index.toFixed(2), speed(sketch.index)]);
  }
  await rm(run, { recursive: true });
  return `${table([`step (${rows} rows, ${kept} kept)`, 'CPU s', 'rows a second'], lines)}ours hashes passage, conversation and tools; datasketch the passage alone\n`;
}

async function byPython(file: string): Promise<z.infer<typeof Sketch>> {
  if (!existsSync(PYTHON)) await execa(join(ROOT, 'scripts', 'python-env'), ['datasketch']);
  const script = join(ROOT, 'scripts', 'benchmarks', 'minhash_rows.py');
  const { stdout } = await execa(PYTHON, [script, file]);
  return Sketch.parse(JSON.parse(stdout));
}

/** The command as users run it, over a tenth of the rows and all of them. */
async function memory(folder: string, base: string): Promise<string> {
  const lines: string[][] = [];
  const rows = await baseTrajectories(base);
  for (const count of [Number(values.most) / 10, Number(values.most)]) {
    const run = join(folder, `run-${count}`);
    await writeRunOf(run, base, rows, count, Number(values.bytes));
    const out = join(folder, `out-${count}`);
    lines.push([String(count), ...(await made(run, out, join(folder, 'usage.json')))]);
    await Promise.all([run, out].map((path) => rm(path, { recursive: true })));
  }
  return table(['gem-traj distill of rows', 'wall s', 'rows a second', 'peak MiB', 'kept'], lines);
}

async function made(run: string, out: string, usage: string): Promise<string[]> {
  const [preload = ''] = commandOf('usage-at-exit', []);
  const flags = ['--task', 'synthesizer', '--decontaminate', 'bfcl', 'tau2', '--json'];
  const argv = ['--import', preload, GEM_TRAJ, 'distill', '--run', run, '--out', out, ...flags];
  const start = performance.now();
  const { stdout } = await execa(process.execPath, argv, { env: { BENCH_USAGE: usage } });
  const wall = (performance.now() - start) / 1000;
  const { maxRSS } = Usage.parse(JSON.parse(await readFile(usage, 'utf8')));
  const { read, kept } = Made.parse(JSON.parse(stdout));
  return [wall.toFixed(0), (read / wall).toFixed(0), (maxRSS / 1024).toFixed(0), String(kept)];
}
