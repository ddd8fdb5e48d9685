import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { writeCorpus } from '../../scripts/benchmarks/scale-corpus.ts';
import { filterOffline } from '../../synth/offline/filter.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

async function textsOf(passages: number, share: number): Promise<string[]> {
  const path = join(await temporaryFolder(), 'corpus.jsonl');
  await writeCorpus(path, passages, share);
  const lines = (await readFile(path, 'utf8')).trimEnd().split('\n');
  return lines.map((line) => String(JSON.parse(line).text));
}

describe('the corpus of the scale benchmark', () => {
  it('is the same each time, and no two passages are', async () => {
    const texts = await textsOf(700, 0.5);
    expect(await textsOf(700, 0.5)).toEqual(texts);
    expect(new Set(texts).size).toBe(700);
  });

  it('has procedures that the offline filter lets through, and tales that it does not', async () => {
    const isLetThrough = (text: string) => filterOffline(text).multi_step;
    expect((await textsOf(300, 1)).filter(isLetThrough)).toHaveLength(300);
    expect((await textsOf(300, 0)).filter(isLetThrough)).toHaveLength(0);
  });
});

// A run that ended before it could be killed is made again.
describe('scripts/bench scale', { timeout: 900_000, retry: 2 }, () => {
  it('kills a run, goes on with it to its end, and prints what it took', async () => {
    const bench = ['scale', '--only', 'filter', '--passages', '6000'];
    const { stdout } = await execa(join(packageRoot(), 'scripts', 'bench'), bench, {
      cwd: packageRoot(),
    });
    const figures = (line: RegExp) =>
      (line.exec(stdout)?.slice(1) ?? []).map((figure) => Number(figure.replaceAll(',', '')));
    const [speed, , , peak] = figures(
      /^6,000 +([\d,]+) +([\d.]+) +([\d.]+) +(\d+) +[\d.]+ +-?\d+$/m,
    );
    expect(speed).toBeGreaterThan(0);
    expect(peak).toBeGreaterThan(30);
    for (const file of ['journal.jsonl', 'passages.jsonl', 'corpus'])
      expect(figures(new RegExp(`^${file} +([\\d,]+)$`, 'm'))[0], file).toBeGreaterThan(100);
    expect(figures(/^trajectories.jsonl +(\d+)/m)).toEqual([0]);
  });
});
