import { readdir, readFile, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { isLocked, lockRun } from '../../core/run/lock.ts';
import { birthOf } from '../../core/run/process-birth.ts';
import { startCommand } from '../helpers/command.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { CORPUS } from '../synth/commands/jobs.ts';
import { preload } from './preload.ts';

/** A lock as another process would leave it. */
async function lockOf(over: Record<string, unknown>): Promise<string> {
  const folder = await temporaryFolder();
  const holder = { pid: process.pid, host: hostname(), since: '2026-01-01T00:00:00.000Z', ...over };
  await writeFile(join(folder, 'lock'), `${JSON.stringify(holder)}\n`);
  return folder;
}

/** A process that lives until the test is over. */
function living(): number {
  const child = execa('sleep', ['600'], { reject: false });
  onTestFinished(() => void child.kill());
  if (child.pid === undefined) throw new Error('sleep could not be started');
  return child.pid;
}

const hasProc = (await birthOf(process.pid)) !== '';

describe('the lock of a run', { timeout: 300_000 }, () => {
  it.skipIf(!hasProc)(
    'is stale when its process number is by now that of another process (needs /proc)',
    async () => {
      const pid = living();
      const birth = await birthOf(pid);
      expect(await isLocked(await lockOf({ pid, birth }))).toBe(true);
      expect(await isLocked(await lockOf({ pid, birth: `${birth}0` }))).toBe(false);
      // Of an earlier boot.
      expect(await isLocked(await lockOf({ pid, birth: `x${birth}` }))).toBe(false);
      // Written by a version that did not tell: better wait than write twice.
      expect(await isLocked(await lockOf({ pid }))).toBe(true);
    },
  );

  it('of another host is believed for ten minutes after its last sign, by the clock of the files', async () => {
    const folder = await lockOf({ host: 'elsewhere', pid: 7 });
    const now = (await stat(join(folder, 'lock'))).mtimeMs;
    const signed = async (minutesAgo: number) => {
      const at = new Date(now - minutesAgo * 60_000);
      await utimes(join(folder, 'lock'), at, at);
      return isLocked(folder);
    };
    expect(await signed(9)).toBe(true);
    expect(await signed(11)).toBe(false);
    await signed(1);
    await expect(lockRun(folder)).rejects.toThrow(
      `${folder} is in use by process 7 on elsewhere since 2026-01-01T00:00:00.000Z; wait for it, or remove ${join(folder, 'lock')} if that process is gone`,
    );
    await signed(11);
    await (await lockRun(folder))();
    expect(await readdir(folder)).toEqual([]);
  });

  it('is not removed by one from whom it was taken', async () => {
    const folder = await temporaryFolder();
    const release = await lockRun(folder);
    await writeFile(join(folder, 'lock'), '{"pid": 7, "host": "elsewhere", "since": ""}');
    await release();
    expect(await readFile(join(folder, 'lock'), 'utf8')).toContain('elsewhere');
  });

  it('that another has taken over ends the process that had it, which writes nothing more', async () => {
    const run = join(await temporaryFolder(), 'run');
    const server = await taughtServer(
      (script) => (request) => (request.number <= 20 ? script(request) : { kind: 'hang' }),
    );
    // Signs of life every fifth of a second instead of every half minute.
    const hasty = preload(
      'const real = setInterval; globalThis.setInterval = (act, ms) => real(act, ms === 30_000 ? 200 : ms);',
    );
    const command = startCommand(['synth', '--input', CORPUS, '--run', run], {
      env: { OPENAI_BASE_URL: server.url, NODE_OPTIONS: hasty },
      timeout: 250_000,
    });
    await expect.poll(() => server.received, { timeout: 150_000 }).toBeGreaterThan(20);
    const other = '{"pid": 7, "host": "elsewhere", "since": "2026-01-01"}\n';
    await writeFile(join(run, 'lock'), other);
    const { exitCode, stderr } = await command.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/gem-traj: .*lock was taken over by another process/);
    expect(stderr).not.toContain('    at ');
    expect(await readFile(join(run, 'lock'), 'utf8')).toBe(other);
    expect(JSON.parse(await readFile(join(run, 'manifest.json'), 'utf8')).state).toBe('running');
  });
});
