import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isLocked, lockRun } from '../../../core/run/lock.ts';
import { readManifest } from '../../../core/run/manifest.ts';
import { openRun, type RunSettings } from '../../../core/run/run-folder.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'run-'));
});
afterEach(() => rm(folder, { recursive: true }));

const settings: RunSettings = {
  config: { seed: 0 },
  configNotes: ['input: ["a"]'],
  fingerprintParts: { seed: 0, 'stages.filter.model': 'm' },
  method: 'pipeline',
  offline: false,
  ablation: { refine: true, check: true, judge: true },
  versions: {},
  target: null,
  budgetUsd: null,
};
const ended = {
  id: 'a',
  outcome: 'filtered' as const,
  reason: 'not multi-step',
  counts: { passages: 1 },
  accepted: [],
  rejected: [],
};
const live = { corpus: {}, failedPassages: 0 };

describe('a run folder', () => {
  it('is gone on with under the same settings, and counts its sessions', async () => {
    for (let session = 1; session <= 2; session += 1) {
      const run = await openRun(folder, settings);
      expect(run.resumed).toBe(session === 2);
      await run.saveManifest('finished', null, live);
      await run.close();
    }
    expect(await readManifest(folder)).toMatchObject({ state: 'finished', sessions: 2 });
  });

  it('names the settings that changed, and the two ways out', async () => {
    const run = await openRun(folder, settings);
    await run.log.commit(ended);
    await run.saveManifest('finished', null, live);
    await run.close();
    const other = {
      ...settings,
      fingerprintParts: { seed: 1, 'stages.filter.model': 'm', gate: 'paper' },
    };
    await expect(openRun(folder, other)).rejects.toThrow(
      /gate: not set -> "paper"\n {2}seed: 0 -> 1\n.*--run name\nand --reuse/s,
    );
  });

  it('that never got an answer takes other settings', async () => {
    const run = await openRun(folder, settings);
    await run.saveManifest('failed', 'no server', live);
    await run.close();
    const again = await openRun(folder, { ...settings, fingerprintParts: { seed: 1 } });
    await again.close();
    expect(again.fingerprint).not.toBe(run.fingerprint);
  });

  it('refuses a second process with the pid and host of the first', async () => {
    const run = await openRun(folder, settings);
    await expect(openRun(folder, settings)).rejects.toThrow(
      `in use by process ${process.pid} on ${hostname()}`,
    );
    expect(await isLocked(folder)).toBe(true);
    await run.close();
    expect(await isLocked(folder)).toBe(false);
  });

  it('takes over the lock of a process that is gone, but not one of another host', async () => {
    const lock = (host: string) => JSON.stringify({ pid: 2 ** 22 + 1, host, since: '2026-01-01' });
    await writeFile(join(folder, 'lock'), lock(hostname()));
    await (await lockRun(folder))();
    await writeFile(join(folder, 'lock'), '{"pid":12');
    await (await lockRun(folder))();
    await writeFile(join(folder, 'lock'), lock('elsewhere'));
    await expect(lockRun(folder)).rejects.toThrow('on elsewhere');
  });

  it('counts what was in flight at each kill as spent, and an answer at its price', async () => {
    const key = 'ab'.repeat(32);
    const answered = {
      key,
      stage: 'filter',
      passage: 'p',
      endpoint: 'e',
      model: 'm',
      prompt_tokens: 1,
      cached_tokens: 0,
      completion_tokens: 1,
      estimated: false,
      cost_usd: 0.01,
      seconds: 1,
      at: '',
      reused: false,
    };
    const lines = [
      { sent: key, reserved_usd: 1 },
      { sent: key, reserved_usd: 1 },
      { ...answered, request: {}, response: {} },
      { sent: 'cd'.repeat(32), reserved_usd: 2 },
      { lost: 'cd'.repeat(32), spent_usd: 0 },
    ];
    await (await openRun(folder, settings)).close();
    await writeFile(
      join(folder, 'journal.jsonl'),
      lines.map((line) => `${JSON.stringify(line)}\n`).join(''),
    );
    const run = await openRun(folder, { ...settings, budgetUsd: 10 });
    expect(run.budget.spentUsd).toBeCloseTo(1.01);
    await run.close();
  });

  it('takes over a lock of its own pid that it does not hold: in a container every process is number 1', async () => {
    await writeFile(
      join(folder, 'lock'),
      JSON.stringify({ pid: process.pid, host: hostname(), since: '' }),
    );
    expect(await isLocked(folder)).toBe(false);
    await (await lockRun(folder))();
  });

  it('is given to one of many that ask at once, also over a stale lock', async () => {
    for (let round = 0; round < 20; round += 1) {
      if (round % 2 === 1)
        await writeFile(
          join(folder, 'lock'),
          JSON.stringify({ pid: 2 ** 22 + 1, host: hostname(), since: '' }),
        );
      const asked = await Promise.allSettled(Array.from({ length: 8 }, () => lockRun(folder)));
      const given = asked.filter((one) => one.status === 'fulfilled');
      expect(given).toHaveLength(1);
      await given[0]?.value();
    }
  });

  it('is not made of a folder with other files in it', async () => {
    await writeFile(join(folder, 'thesis.tex'), '');
    await expect(openRun(folder, settings)).rejects.toThrow(
      "is no run's folder (it holds thesis.tex",
    );
    await expect(readFile(join(folder, 'lock'))).rejects.toThrow('ENOENT');
  });
});
