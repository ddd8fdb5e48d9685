import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';

describe('scripts/bench peers', { timeout: 900_000 }, () => {
  it('runs gem-traj and the plain client in Node through all three parts', async () => {
    const peers = ['--only', 'gem-traj', '--only', 'openai-node'];
    const size = ['--rows', '20', '--concurrency', '4'];
    const bench = ['peers', ...peers, ...size];
    const { stdout, stderr } = await execa(join(packageRoot(), 'scripts', 'bench'), bench, {
      cwd: packageRoot(),
    });
    expect(stderr).not.toContain('failed');
    const [speed, admission, kill] = stdout.split(/^(?=\d+ at a time|SIGKILL)/m).slice(1);
    for (const part of [speed, admission]) {
      expect(part).toMatch(/^gem-traj .*\b20\b/m);
      expect(part).toMatch(/^openai-node .*\b20\b/m);
    }
    const again = (peer: string) =>
      new RegExp(`^${peer} +(\\d+) +(\\d+) +(\\d+)$`, 'm')
        .exec(kill ?? '')
        ?.slice(1)
        .map(Number);
    // What the journal has is not asked again; the plain client has none.
    const [sent = Number.NaN, answered, kept] = again('gem-traj') ?? [];
    expect(kept).toBe(20);
    expect(sent).toBeLessThanOrEqual(8);
    expect(answered).toBeLessThanOrEqual(4);
    expect(again('openai-node')?.[1]).toBeGreaterThanOrEqual(10);
  });

  it('names the peers where one is not known', async () => {
    const bench = execa(join(packageRoot(), 'scripts', 'bench'), ['peers', '--only', 'nobody'], {
      cwd: packageRoot(),
    });
    await expect(bench).rejects.toThrow(/gem-traj, openai-node, openai-python, curator/);
  });
});
