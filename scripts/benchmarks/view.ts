// How soon the viewer's page is up, how fast filters answer while rows are indexed and after, how long a search of all
// text takes, and how much memory it needs. The rows are made of the offline teacher's, filled up to 15 KB.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { z } from 'zod';
import { packageRoot } from '../../core/package-root.ts';
import { baseTrajectories, writeRunOf } from './distill-rows.ts';
import { machine } from './machine.ts';
import { build, commandOf } from './measured-process.ts';
import { table } from './table.ts';

const USAGE = `usage: scripts/bench view [options]
  --rows N       rows of the run (100000)
  --bytes N      bytes of a row (15000)
`;
const ROOT = packageRoot();
const FILTERS = [
  '',
  '&domain=health&pattern=clarification',
  '&status=accepted&code=graph_not_covered',
];
const REPEATS = 10;

const Sources = z.object({ sources: z.array(z.object({ done: z.boolean(), rows: z.number() })) });
const Usage = z.object({ maxRSS: z.number() });

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '100000' },
    bytes: { type: 'string', default: '15000' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  process.stdout.write(`${machine()}\n\n`);
  await build();
  const folder = await mkdtemp(join(tmpdir(), 'bench-view-'));
  try {
    const [base, run] = [join(folder, 'base'), join(folder, 'run')];
    const input = join(ROOT, 'synth', 'sample', 'corpus.jsonl');
    const gemTraj = join(ROOT, 'dist', 'scripts', 'gem-traj.js');
    await execa(process.execPath, [gemTraj, 'synth', '--offline', '--input', input, '--run', base]);
    const rows = await baseTrajectories(base);
    await writeRunOf(run, base, rows, Number(values.rows), Number(values.bytes));
    const lines = [await measured('first', run, folder), await measured('again', run, folder)];
    const head = [
      'start',
      'page ms',
      'indexed ms',
      'filter ms',
      'while indexing',
      'search ms',
      'MiB',
    ];
    process.stdout.write(table(head, lines));
    process.stdout.write('filters: the slowest of all; search: a text that no row has\n');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** One viewer from its start to its end. */
async function measured(name: string, run: string, folder: string): Promise<string[]> {
  const usage = join(folder, 'usage.json');
  const preload = ['--import', commandOf('usage-at-exit', [])[0] ?? ''];
  const begun = performance.now();
  const viewer = spawn(process.execPath, [...preload, ...commandOf('view-job', [run])], {
    env: { ...process.env, BENCH_USAGE: usage },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [url] = await once(createInterface(viewer.stdout), 'line');
  const ask = await visitor(String(url));
  await ask('/');
  const page = performance.now() - begun;
  const during: number[] = [];
  for (let isDone = false; !isDone; ) {
    during.push((await ask('/api/list?facets=1&count=100')).took);
    const { sources } = Sources.parse(JSON.parse((await ask('/api/sources')).text));
    isDone = sources.every(({ done }) => done);
  }
  const indexed = performance.now() - begun;
  const after: number[] = [];
  for (const filter of FILTERS)
    for (let times = 0; times < REPEATS; times += 1)
      after.push((await ask(`/api/list?facets=1&count=100${filter}`)).took);
  const { took: search } = await ask('/api/search?q=zebra+xylophone');
  viewer.kill('SIGINT');
  await once(viewer, 'exit');
  const { maxRSS } = Usage.parse(JSON.parse(await readFile(usage, 'utf8')));
  const figures = [page, indexed, Math.max(...after), Math.max(...during), search, maxRSS / 1024];
  return [name, ...figures.map((figure) => figure.toFixed(0))];
}

/** Asks what the page would, with its cookie, and says how many milliseconds it took. */
async function visitor(url: string) {
  const entry = await fetch(url, { redirect: 'manual' });
  const cookie = entry.headers.get('set-cookie')?.split(';')[0] ?? '';
  return async (path: string): Promise<{ took: number; text: string }> => {
    const begun = performance.now();
    const answer = await fetch(new URL(path, url), { headers: { cookie } });
    const text = await answer.text();
    return { took: performance.now() - begun, text };
  };
}
