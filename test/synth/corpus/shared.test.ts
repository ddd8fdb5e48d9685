import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { estimateTokens } from '../../../core/text/tokens.ts';
import { readAll } from './read.ts';

const CORPORA = join(import.meta.dirname, '../../../../shared/corpora');
const isThere = existsSync(CORPORA);

describe.skipIf(!isThere)(
  `real corpora${isThere ? '' : ' (skipped: ../shared/corpora is absent)'}`,
  () => {
    it('come through, every row counted', async () => {
      for (const name of (await readdir(CORPORA)).filter((file) => file.endsWith('.jsonl'))) {
        const path = join(CORPORA, name);
        const rows = (await readFile(path, 'utf8'))
          .split('\n')
          .filter((line) => line !== '').length;
        const { passages, report } = await readAll([path], { minTokens: 20, maxTokens: 4000 });
        const skipped = Object.values(report.skipped).reduce((sum, number) => sum + number);
        expect(report.read, name).toBe(rows);
        expect(report.whole_documents + report.split_documents + skipped).toBe(rows);
        expect(skipped, name).toBeLessThan(rows / 20);
        expect(report.skipped).toMatchObject({ binary: 0, not_text: 0, empty: 0 });
        expect(passages).toHaveLength(report.passages);
      }
    });

    it('are split within the limits with little left out', async () => {
      const { passages, report } = await readAll([CORPORA], { minTokens: 50, maxTokens: 250 });
      const tokens = passages.map(({ text }) => estimateTokens(text));
      expect(Math.max(...tokens)).toBeLessThanOrEqual(250);
      expect(Math.min(...tokens)).toBeGreaterThanOrEqual(50);
      expect(report.split_documents).toBeGreaterThan(500);
      expect(report.skipped_parts.too_short).toBeLessThan(report.split_documents / 100);
      expect(new Set(passages.map(({ id }) => id)).size).toBe(passages.length);
    });
  },
);
