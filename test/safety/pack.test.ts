import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join, relative } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { packageRoot } from '../../core/package-root.ts';
import { sharedFolder, temporaryFolder } from '../helpers/temporary.ts';

const Lock = z.object({
  packages: z.record(z.string(), z.object({ dev: z.boolean().optional() })),
});
const Packed = z.array(
  z.object({ filename: z.string(), files: z.array(z.object({ path: z.string() })) }),
);

/** What lies about in a folder in which somebody works. */
const LITTER = [
  '.env',
  'my.key',
  'runs/secret/journal.jsonl',
  '.venvs/trl/bin/python',
  'eval/benchmarks/python/__pycache__/harness.cpython-312.pyc',
  'train/python/notes.txt',
  'synth/sample/run/manifest.json',
  'scripts/benchmarks/figures.json',
  'core/notes.md',
];

/** Node's other versions under which the package must run, by major; those of GEM_TRAJ_NODES are used as they are. */
const OTHER_MAJORS = ['22', '24'];

let packed: z.infer<typeof Packed>[number] | undefined;
let tarball = '';

beforeAll(async () => {
  const copy = join(await sharedFolder(), 'gem-traj');
  await copySources(copy);
  for (const name of LITTER) {
    await mkdir(dirname(join(copy, name)), { recursive: true });
    await writeFile(join(copy, name), 'not for others');
  }
  const out = await sharedFolder();
  const { stdout } = await execa('npm', ['pack', '--json', '--silent', '--pack-destination', out], {
    cwd: copy,
  });
  [packed] = Packed.parse(JSON.parse(stdout.slice(stdout.indexOf('['))));
  tarball = join(out, packed?.filename ?? '');
}, 300_000);

describe('the package', { timeout: 300_000 }, () => {
  it('ships what the command needs and nothing else', () => {
    const paths = packed?.files.map(({ path }) => path) ?? [];
    expect(paths.filter((path) => LITTER.includes(path))).toEqual([]);
    expect(
      paths.filter((path) => !/\.(js|py|json|yaml|txt|md|gz|html|css|jsonl)$/.test(path)),
    ).toEqual(['LICENSE', 'scripts/python-env']);
    expect(
      paths.filter((path) =>
        /(^|\/)(test|tests|runs|\.venvs|node_modules|benchmarks\/.*\.ts)\//.test(path),
      ),
    ).toEqual([]);
    expect(paths.filter((path) => /\.(d\.ts|map|pyc|tsbuildinfo)$/.test(path))).toEqual([]);
    expect(paths.filter((path) => path.startsWith('dist/scripts/')).sort()).toEqual([
      'dist/scripts/commands.js',
      'dist/scripts/flag-values.js',
      'dist/scripts/gem-traj.js',
    ]);
    const places = [...new Set(paths.map((path) => path.split('/').slice(0, 2).join('/')))];
    expect(places.filter((place) => !place.startsWith('configs/')).sort()).toEqual(
      [
        'LICENSE',
        'README.md',
        'dist/core',
        'dist/distill',
        'dist/eval',
        'dist/scripts',
        'dist/synth',
        'dist/train',
        'eval/benchmarks',
        'eval/viewer',
        'package.json',
        'scripts/python-env',
        'synth/sample',
        'train/python',
      ].sort(),
    );
  });

  it('runs in an empty folder with its own dependencies alone, under each version of Node', async (context) => {
    const folder = await installed();
    const { nodes, missing } = await nodesAtHand();
    for (const node of nodes) await tryOut(node, folder);
    // Not silently: without the others the promise is only partly tested.
    if (missing.length > 0)
      context.skip(`passed under ${process.version}; not at hand: Node ${missing.join(', ')}`);
  });
});

/** A run of two passages by the installed package. */
async function tryOut(node: string, folder: string): Promise<void> {
  const program = join(folder, 'node_modules', 'gem-traj', 'dist', 'scripts', 'gem-traj.js');
  const cwd = await temporaryFolder();
  const run = (...args: string[]) => execa(node, [program, ...args], { cwd, timeout: 120_000 });
  const version = JSON.parse(await readFile(join(packageRoot(), 'package.json'), 'utf8')).version;
  expect((await run('--version')).stdout).toBe(version);
  const sample = join(folder, 'node_modules', 'gem-traj', 'synth', 'sample', 'corpus.jsonl');
  const synth = await run(
    'synth',
    '--input',
    sample,
    '--offline',
    '--limit',
    '2',
    '--run',
    'first',
  );
  expect(synth.stdout).toMatch(/first: finished; \d accepted, \d rejected, of 2 passages/);
  expect(synth.stderr).not.toMatch(/warn/i);
  await run('export', 'first', '--format', 'parquet');
  const report = await readFile(join(cwd, 'runs', 'first', 'report.html'), 'utf8');
  expect(report).toMatch(/<html/);
}

/** The tarball unpacked into a folder's node_modules, beside what its package.json depends on and no more. */
async function installed(): Promise<string> {
  const folder = await temporaryFolder();
  const modules = join(folder, 'node_modules');
  await mkdir(join(modules, 'gem-traj'), { recursive: true });
  await execa('tar', ['-xzf', tarball, '-C', join(modules, 'gem-traj'), '--strip-components=1']);
  const lock = Lock.parse(
    JSON.parse(await readFile(join(packageRoot(), 'package-lock.json'), 'utf8')),
  );
  for (const [path, { dev = false }] of Object.entries(lock.packages)) {
    const name = /^node_modules\/((?:@[^/]+\/)?[^/]+)$/.exec(path)?.[1];
    if (name === undefined || dev) continue;
    await mkdir(dirname(join(modules, name)), { recursive: true });
    await symlink(join(packageRoot(), path), join(modules, name));
  }
  return folder;
}

/** The sources as a fresh clone has them, with the dependencies beside them. */
async function copySources(copy: string): Promise<void> {
  const root = packageRoot();
  const left = ['node_modules', 'dist', 'runs', '.git', '.venvs', '.test-tmp', 'shared'];
  await cp(root, copy, {
    recursive: true,
    filter: (path) => !left.includes(relative(root, path)) && basename(path) !== '__pycache__',
  });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'));
}

/** Node at hand, those that GEM_TRAJ_NODES names, and in CI (GEM_TRAJ_SYSTEM) the others from the npm registry. */
async function nodesAtHand(): Promise<{ nodes: string[]; missing: string[] }> {
  const nodes = [process.execPath, ...(process.env.GEM_TRAJ_NODES?.split(':') ?? [])];
  const majors = await Promise.all(nodes.map(majorOf));
  const missing: string[] = [];
  for (const major of OTHER_MAJORS.filter((one) => !majors.includes(one))) {
    const fetched = process.env.GEM_TRAJ_SYSTEM === undefined ? undefined : await fetchNode(major);
    if (fetched === undefined) missing.push(major);
    else nodes.push(fetched);
  }
  return { nodes, missing };
}

async function majorOf(node: string): Promise<string> {
  return /^v(\d+)/.exec((await execa(node, ['--version'])).stdout)?.[1] ?? '';
}

/** The npm package of Node's binary for this kind of machine. */
async function fetchNode(major: string): Promise<string | undefined> {
  const name = `node-${process.platform}-${process.arch}`;
  const prefix = await temporaryFolder();
  const args = ['install', '--prefix', prefix, '--no-save', `${name}@${major}`];
  const { failed } = await execa('npm', args, { cwd: prefix, reject: false });
  return failed ? undefined : join(prefix, 'node_modules', name, 'bin', 'node');
}
