import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Conversation } from '../../../core/conversation.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { wilson } from '../../../core/stats/wilson.ts';
import { Calibration, isInHalf } from '../../../synth/check/calibrate/calibration.ts';
import { MUTATIONS } from '../../../synth/check/calibrate/mutations.ts';
import { checkFileRow } from '../../../synth/check/files/check-row.ts';
import { CODES } from '../../../synth/check/files/codes.ts';
import { rowsOfFiles } from '../../../synth/check/files/file-rows.ts';
import { Random } from '../../../synth/offline/seed.ts';
import { clean } from './cases.ts';

const folder = join(packageRoot(), '..', 'shared', 'trajectories');
const FILES = ['bfcl_gt', 'tau1_gpt4o_airline', 'tau2_results', 'tau2_sft_small'].map((name) =>
  join(folder, `${name}.jsonl`),
);

describe('the kinds of faults', () => {
  it('have names of their own and codes that there are', () => {
    const names = MUTATIONS.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const known = new Set(CODES.map(({ code }) => code));
    for (const { name, codes } of MUTATIONS)
      expect(
        codes.filter((code) => !known.has(code)),
        name,
      ).toEqual([]);
  });

  it('change a row anew, the same way for the same seed, and never the row itself', () => {
    const conversation = Conversation.parse(clean);
    const before = JSON.stringify(conversation);
    for (const { name, mutate } of MUTATIONS) {
      const [one, again] = [1, 2].map(() => mutate({ conversation }, new Random(name)));
      expect(JSON.stringify(one), name).toBe(JSON.stringify(again));
      expect(JSON.stringify(one?.conversation), name).not.toBe(before);
      expect(JSON.stringify(conversation), name).toBe(before);
    }
  });
});

describe('a calibration', () => {
  it('halves the rows by their ids', () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `row ${index}`);
    const tuned = ids.filter((id) => isInHalf(id, 'tune'));
    expect(tuned.length).toBeGreaterThan(400);
    expect(tuned.length).toBeLessThan(600);
    expect(ids.filter((id) => isInHalf(id, 'report'))).toHaveLength(1000 - tuned.length);
  });

  it("gives Wilson's intervals", () => {
    expect(wilson(0, 10)).toMatchObject({ share: 0, low: 0, high: expect.closeTo(0.2775, 3) });
    expect(wilson(8, 10)).toMatchObject({
      low: expect.closeTo(0.4902, 3),
      high: expect.closeTo(0.9433, 3),
    });
    expect(wilson(10, 10)).toMatchObject({ low: expect.closeTo(0.7225, 3), high: 1 });
  });
});

const EACH = 6;

describe.skipIf(!existsSync(folder))('on real rows (needs ../shared/trajectories)', () => {
  it('every structural fault is caught, and no clean row has a structural error', async () => {
    const calibration = new Calibration(1);
    for (const file of FILES) {
      let rows = 0;
      for await (const { row, place } of rowsOfFiles([file], 'auto')) {
        const { id, context } = checkFileRow(row, place, {
          profile: 'foreign',
          language: 'English',
        });
        const { defects } = row.fields;
        const isClean = Array.isArray(defects) && defects.length === 0;
        if (context === null || !isClean || !isInHalf(id, 'tune')) continue;
        calibration.add(id, context);
        rows += 1;
        if (rows === EACH) break;
      }
    }
    const structural = calibration.kinds.filter(({ mutation }) => mutation.family === 'structure');
    const missed = structural.filter(({ n, caught }) => caught < n);
    expect(missed.map(({ mutation, missed: ids }) => [mutation.name, ...ids])).toEqual([]);
    expect(structural.filter(({ n }) => n > 10).length).toBeGreaterThan(25);
  });
});
