import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';
import { filterOffline } from '../../../synth/offline/filter.ts';
import { sampleRows } from './ask.ts';
import { sharedCorpora } from './shared.ts';

describe('the filter', () => {
  it('agrees with the labels of the sample corpus', () => {
    const right = sampleRows().filter(
      ({ text, procedural }) => filterOffline(text).multi_step === procedural,
    );
    expect(right.length / sampleRows().length).toBeGreaterThan(0.85);
  });

  it.skipIf(sharedCorpora() === undefined)(
    'agrees with public labels on rows it was not fitted to',
    () => {
      const corpora = sharedCorpora() ?? {};
      const rows = Object.values(corpora).flatMap((all) =>
        all.filter((_row, index) => index % 2 === 1),
      );
      const share = (label: boolean) => {
        const same = rows.filter(({ procedural }) => procedural === label);
        return (
          same.filter(({ text }) => filterOffline(text).multi_step === label).length / same.length
        );
      };
      expect((share(true) + share(false)) / 2).toBeGreaterThan(0.9);
    },
  );

  it('labels what it takes', () => {
    const { tags } = filterOffline(
      readFileSync(join(packageRoot(), 'test/synth/offline/fixtures/oven.txt'), 'utf8'),
    );
    expect(tags).toMatchObject({
      platform: 'machine',
      domains: expect.arrayContaining(['food_and_drink']),
    });
    expect(tags?.summary).toMatch(/^[A-Z].*\.$/);
  });
});
