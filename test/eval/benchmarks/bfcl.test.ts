import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBenchmarkManifest } from '../../../eval/benchmarks/benchmark-manifest.ts';
import type { BfclVersion } from '../../../eval/benchmarks/bfcl/versions.ts';
import { readScores } from '../../../eval/benchmarks/scores.ts';
import { answer } from '../../helpers/model-actions.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { bench, installed, reportOf } from './bench.ts';
import { bfclOracle } from './bfcl-oracle.ts';
import { type Asked, startOracle } from './oracle-server.ts';

const pythons = new Map<BfclVersion, string>();
type Say = Awaited<ReturnType<typeof bfclOracle>>;
const oracles = new Map<BfclVersion, Say>();

beforeAll(async () => {
  for (const [version, environment] of [
    ['2025.6.16', 'bfcl-2025'],
    ['2026.3.23', 'bfcl'],
  ] as const) {
    const python = await installed(environment);
    pythons.set(version, python);
    oracles.set(version, await bfclOracle(python, 2));
  }
});

const of = <Value>(map: Map<BfclVersion, Value>, version: BfclVersion): Value => {
  const value = map.get(version);
  if (value === undefined) throw new Error(`${version} was not prepared`);
  return value;
};

const command = (folder: string, version: BfclVersion, ...more: string[]) => [
  ...['bfcl', '--endpoint', 'tested', '--bfcl-version', version, '--limit', '2'],
  ...['--out', join(folder, 'out'), '--retries', '0', '--patience', '3', ...more],
];

describe("BFCL's own harness", () => {
  it.each([
    { version: '2025.6.16', data: 'BFCL_v3' },
    { version: '2026.3.23', data: 'BFCL_v4' },
  ] as const)(
    'gives the ground truth 100% ($version)',
    { timeout: 900_000 },
    async ({ version, data }) => {
      const folder = await temporaryFolder();
      const oracle = await startOracle(of(oracles, version));
      const run = await bench(folder, { tested: oracle.url }, command(folder, version));
      expect(run).toMatchObject({ exitCode: 0 });
      expect(run.stdout).toContain(`BFCL (bfcl-eval ${version}, data ${data})`);
      const scores = await readScores(join(folder, 'out'));
      expect(scores.figures.map(({ name, value }) => [name, value])).toEqual([
        ['overall', 1],
        ['multi_turn_base', 1],
        ['multi_turn_miss_func', 1],
        ['multi_turn_miss_param', 1],
        ['multi_turn_long_context', 1],
      ]);
      expect(scores).toMatchObject({ complete: true, whole: false });
      expect(await readBenchmarkManifest(join(folder, 'out'))).toMatchObject({
        state: 'finished',
        versions: { 'bfcl-eval': version, data },
        settings: { limit: 2, model: 'model-tested' },
      });
      expect(new Set(oracle.requests.map(({ authorization }) => authorization))).toEqual(
        new Set(['Bearer key-of-tested']),
      );
      // The key is nowhere on disk.
      const grep = await execa('grep', ['-rl', 'key-of-tested', join(folder, 'out')], {
        reject: false,
      });
      expect(grep.stdout).toBe('');
    },
  );

  it('gives nonsense 0%, and says that it is a part only', { timeout: 900_000 }, async () => {
    const folder = await temporaryFolder();
    const oracle = await startOracle(() => answer('Bananas are yellow.'));
    const run = await bench(folder, { tested: oracle.url }, command(folder, '2025.6.16'));
    expect(run.exitCode).toBe(0);
    const scores = await readScores(join(folder, 'out'));
    expect(scores.figures.map(({ value }) => value)).toEqual([0, 0, 0, 0, 0]);
    expect(run.stdout).toContain('was asked a part only (2 a column)');
    expect(run.stdout).toContain('paper: 8B GEM');
    expect(await reportOf(folder)).toContain('BFCL (bfcl-eval 2025.6.16, data');
  });

  it('counts nothing that the endpoint did not answer, and asks for it again', {
    timeout: 900_000,
  }, async () => {
    const folder = await temporaryFolder();
    const say = of(oracles, '2025.6.16');
    let asked = 0;
    // Some entries are answered before it dies.
    const dying = await startOracle((request: Asked) => {
      asked += 1;
      return asked > 30 ? { kind: 'status', status: 500, message: 'CUDA error' } : say(request);
    });
    const alone = ['--concurrency', '1'];
    const first = await bench(
      folder,
      { tested: dying.url },
      command(folder, '2025.6.16', ...alone),
    );
    expect(first.exitCode).toBe(1);
    expect(first.stderr).toContain('CUDA error');
    expect(first.stdout).toContain('is not finished: only what has an answer is counted');
    const scores = await readScores(join(folder, 'out'));
    const answered = scores.columns.reduce((sum, column) => sum + column.answered, 0);
    expect(answered).toBeGreaterThan(0);
    expect(answered).toBeLessThan(8);
    expect(scores.columns.flatMap(({ values }) => Object.values(values))).not.toContain(0);
    expect(await readBenchmarkManifest(join(folder, 'out'))).toMatchObject({ state: 'incomplete' });

    const well = await startOracle(say);
    const second = await bench(
      folder,
      { tested: well.url },
      command(folder, '2025.6.16', ...alone),
    );
    expect(second).toMatchObject({ exitCode: 0 });
    expect((await readScores(join(folder, 'out'))).figures[0]).toMatchObject({ value: 1 });
    // What had an answer was not asked again.
    expect(second.stderr).toContain(`${8 - answered} answered now of 8 in all`);

    const other = await bench(
      folder,
      { tested: well.url },
      command(folder, '2025.6.16', '--temperature', '1'),
    );
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('holds a run with other settings: sampling was');
  });

  it('says what to do where the harness is missing, or another one', {
    timeout: 120_000,
  }, async () => {
    const folder = await temporaryFolder();
    const urls = { tested: 'http://127.0.0.1:9/v1' };
    const bare = await execa('sh', ['-c', 'command -v python3']);
    const missing = await bench(
      folder,
      urls,
      command(folder, '2025.6.16', '--python', bare.stdout),
    );
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toContain('run scripts/python-env bfcl-2025');
    const wrong = of(pythons, '2026.3.23');
    const other = await bench(folder, urls, command(folder, '2025.6.16', '--python', wrong));
    expect(other.exitCode).toBe(1);
    expect(other.stderr).toContain('has bfcl-eval 2026.3.23, and 2025.6.16 is wanted');
  });

  it('says which categories there are', { timeout: 120_000 }, async () => {
    const folder = await temporaryFolder();
    const urls = { tested: 'http://127.0.0.1:9/v1' };
    const run = await bench(
      folder,
      urls,
      command(folder, '2026.3.23', '--categories', 'web_search_base'),
    );
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toMatch(/has no web_search_base .* it has simple_python, .*multi_turn_base/);
    expect(await readFile(join(folder, 'out', 'manifest.json'), 'utf8')).toContain('"failed"');
  });
});
