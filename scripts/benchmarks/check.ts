// How fast the checks are, and how much memory `gem-traj check` takes over a large file, beside python's jsonschema
// doing the structural schema part alone on the same rows. The rows are made of ../shared/trajectories (or of
// --files). Ends with 1 when something broke, not when it was slow.
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { globSync } from 'tinyglobby';
import { z } from 'zod';
import { packageRoot } from '../../core/package-root.ts';
import { baseRows, writeRows } from './check-rows.ts';
import { machine } from './machine.ts';
import { build, commandOf } from './measured-process.ts';
import { table } from './table.ts';

const USAGE = `usage: scripts/bench check [options]
  --files FILES  JSONL rows to make the rows of (../shared/trajectories/*.jsonl)
  --rows N       rows of each speed run (2000)
  --quick        100 MB instead of 1 GB
  --no-memory    speed alone
  --no-python    without python's jsonschema
`;
const ROOT = packageRoot();
const MEGABYTE = 1_000_000;
const PYTHON = join(ROOT, '.venvs', 'jsonschema', 'bin', 'python');
const Counted = z.object({ rows: z.number(), cpu: z.number(), found: z.number() });

const { values } = parseArgs({
  allowNegative: true,
  options: {
    files: { type: 'string', multiple: true },
    rows: { type: 'string', default: '2000' },
    quick: { type: 'boolean', default: false },
    memory: { type: 'boolean', default: true },
    python: { type: 'boolean', default: true },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main();

type Base = Awaited<ReturnType<typeof baseRows>>;

async function main(): Promise<void> {
  const files =
    values.files ?? globSync('../shared/trajectories/*.jsonl', { cwd: ROOT, absolute: true });
  if (files.length === 0) throw new Error('no rows to make the rows of: name them with --files');
  process.stdout.write(`${machine()}\n\n`);
  await build();
  const base = await baseRows(files);
  const folder = await mkdtemp(join(tmpdir(), 'bench-check-'));
  try {
    process.stdout.write(`${await speed(base, folder)}\n`);
    if (values.memory) process.stdout.write(await memory(base, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function speed(base: Base, folder: string): Promise<string> {
  const lines: string[][] = [];
  for (const tools of ['own', 'shared'] as const) {
    const file = join(folder, `${tools}.jsonl`);
    await writeRows(file, base, { rows: Number(values.rows) }, tools);
    for (const part of ['structure', 'all'])
      lines.push(
        line(tools, part, await counted(process.execPath, commandOf('check-job', [file, part]))),
      );
    if (values.python)
      lines.push(line(tools, `jsonschema ${await pythonVersion()}`, await byPython(file)));
    await rm(file);
  }
  return table(['tool sets', 'what', 'rows', 'CPU s', 'rows a second and core'], lines);
}

function line(tools: string, part: string, { rows, cpu }: z.infer<typeof Counted>): string[] {
  return [tools, part, String(rows), cpu.toFixed(1), (rows / cpu).toFixed(0)];
}

async function counted(program: string, argv: readonly string[]): Promise<z.infer<typeof Counted>> {
  const { stdout } = await execa(program, argv);
  return Counted.parse(JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? ''));
}

async function byPython(file: string): Promise<z.infer<typeof Counted>> {
  return counted(PYTHON, [join(ROOT, 'scripts', 'benchmarks', 'jsonschema_rows.py'), file]);
}

async function pythonVersion(): Promise<string> {
  if (!existsSync(PYTHON)) await execa(join(ROOT, 'scripts', 'python-env'), ['jsonschema']);
  const code = 'import importlib.metadata as m; print(m.version("jsonschema"))';
  return (await execa(PYTHON, ['-c', code])).stdout.trim();
}

/** The command as users run it, over a tenth of the size and the whole of it. */
async function memory(base: Base, folder: string): Promise<string> {
  const megabytes = values.quick ? 100 : 1000;
  const lines: string[][] = [];
  for (const size of [megabytes / 10, megabytes]) {
    const file = join(folder, 'large.jsonl');
    const rows = await writeRows(file, base, { bytes: size * MEGABYTE }, 'own');
    const written = ((await stat(file)).size / MEGABYTE).toFixed(0);
    const { wall, peak } = await checkFile(file, join(folder, 'usage.json'));
    lines.push([`${written} MB`, String(rows), wall.toFixed(1), peak.toFixed(0)]);
    await rm(file);
  }
  return table(['gem-traj check --json of', 'rows', 'wall s', 'peak MiB'], lines);
}

async function checkFile(file: string, usage: string): Promise<{ wall: number; peak: number }> {
  const [preload = '', command = ''] = [
    commandOf('usage-at-exit', [])[0],
    join(ROOT, 'dist', 'scripts', 'gem-traj.js'),
  ];
  const argv = ['--import', preload, command, 'check', file, '--json'];
  const start = performance.now();
  const { exitCode = 2, stderr } = await execa(process.execPath, argv, {
    env: { BENCH_USAGE: usage },
    stdout: 'ignore',
    reject: false,
  });
  // 1 says that there are findings.
  if (exitCode > 1 || !/ rows: /.test(stderr)) throw new Error(`check failed: ${stderr}`);
  const { maxRSS } = z
    .object({ maxRSS: z.number() })
    .parse(JSON.parse(await readFile(usage, 'utf8')));
  return { wall: (performance.now() - start) / 1000, peak: maxRSS / 1024 };
}
