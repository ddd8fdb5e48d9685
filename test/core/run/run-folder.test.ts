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

  it('is not made of a folder with other files in it', async () => {
    await writeFile(join(folder, 'thesis.tex'), '');
    await expect(openRun(folder, settings)).rejects.toThrow(
      "is no run's folder (it holds thesis.tex",
    );
    await expect(readFile(join(folder, 'lock'))).rejects.toThrow('ENOENT');
  });
});
