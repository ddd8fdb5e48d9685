import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { PrefixCache } from '../../scripts/benchmarks/prefix-cache.ts';

const numbers = (from: number, count: number) =>
  Array.from({ length: count }, (_, at) => from + at);

describe('a prefix cache', () => {
  it('knows whole blocks from the start on, and never the last token', () => {
    const cache = new PrefixCache(4);
    expect(cache.take(numbers(0, 10))).toBe(0);
    expect(cache.take(numbers(0, 10))).toBe(8);
    expect(cache.take(numbers(0, 8))).toBe(4);
    expect(cache.take([...numbers(0, 6), 99, 99, 99])).toBe(4);
  });

  it('does not know a block behind another beginning', () => {
    const cache = new PrefixCache(4);
    cache.take(numbers(0, 12));
    expect(cache.take([77, ...numbers(1, 11)])).toBe(0);
  });

  it('lets go of what was used longest ago', () => {
    const cache = new PrefixCache(4, 4);
    cache.take(numbers(0, 9));
    cache.take(numbers(100, 9));
    cache.take(numbers(0, 9));
    cache.take(numbers(200, 9));
    expect(cache.take(numbers(0, 9))).toBe(8);
    expect(cache.take(numbers(100, 9))).toBe(0);
  });
});

describe('scripts/bench prefix', { timeout: 240_000 }, () => {
  it("finds each stage's instruction shared, and the ledger has the same figure", async () => {
    const bench = ['prefix', '--limit', '6', '--concurrency', '1'];
    const { stdout } = await execa(join(packageRoot(), 'scripts', 'bench'), bench);
    const share = (stage: string) =>
      Number(new RegExp(`^${stage} .* ([\\d.]+)% +[\\d.]+%$`, 'm').exec(stdout)?.[1]);
    for (const stage of ['filter', 'extract', 'generate', 'refine', 'judge'])
      expect(share(stage), stage).toBeGreaterThan(20);
    const shared = /^all +\d+ +[\d,]+ +([\d,]+) /m.exec(stdout)?.[1];
    expect(stdout).toContain(`the run's own ledger: ${shared} cached tokens`);
  });
});
