import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { runCommand, startCommand } from '../../helpers/command.ts';
import type { ModelServer } from '../../helpers/model-server.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, idsOf, linesOf, manifestOf, synth } from '../commands/jobs.ts';

const isRoot = process.getuid?.() === 0;
const mayMount = isRoot && process.env.GEM_TRAJ_SYSTEM !== undefined;

const asked = ({ requests }: ModelServer): string[] =>
  requests.filter(({ status }) => status === 200).map(({ body }) => JSON.stringify(body.messages));

describe('a server that fails in the middle of a run', { timeout: 240_000 }, () => {
  it('stops it with the commonest cause past the threshold; well again, the same command goes on', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'run');
    let well = false;
    const server = await taughtServer((script) => (request) => {
      if (well || request.number <= 25) return script(request);
      const rare = request.number % 9 === 0;
      return {
        kind: 'status',
        status: rare ? 502 : 500,
        message: rare ? 'gateway' : 'out of memory',
      };
    });
    await writeFile(join(folder, 'run.yaml'), 'max_failed_share: 0.2\n');
    const flags = ['--config', join(folder, 'run.yaml')];
    const env = { OPENAI_BASE_URL: server.url };
    const failed = await synth(run, flags, { env });
    expect(failed.exitCode).toBe(1);
    expect(failed.stderr).toMatch(
      /\d+ of the latest \d+ passages got no answer; most often: HTTP 500: out of memory\. Nothing is lost: run the same command again/,
    );
    expect(await manifestOf(run)).toMatchObject({ state: 'failed' });
    well = true;
    const again = await synth(run, flags, { env });
    expect(again.exitCode, again.stderr).toBe(0);
    expect(await manifestOf(run)).toMatchObject({ state: 'finished', funnel: { passages: 80 } });
    const answered = asked(server);
    expect(new Set(answered).size).toBe(answered.length);
  });

  it('dead, and back at another address, has lost nothing', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'run');
    const first = await taughtServer(undefined, 20);
    const args = ['synth', '--input', CORPUS, '--limit', '6', '--run', run];
    const command = startCommand(args, { env: { OPENAI_BASE_URL: first.url }, timeout: 180_000 });
    await expect.poll(() => first.statuses[200] ?? 0, { timeout: 30_000 }).toBeGreaterThan(8);
    await first.close();
    const ended = await command.finished;
    expect(ended.exitCode).toBe(1);
    expect(ended.stdout).toMatch(/stopped \(\d+ passages got no answer .*most often: .*ECONN\w+/);
    const back = await taughtServer();
    const again = await runCommand(args, { env: { OPENAI_BASE_URL: back.url } });
    expect(again.exitCode, again.stderr).toBe(0);
    expect((await manifestOf(run)).funnel.passages).toBe(6);
    const before = new Set(asked(first));
    expect(asked(back).filter((request) => before.has(request))).toEqual([]);
  });
});

const offline = (run: string) => ['synth', '--input', CORPUS, '--offline', '--run', run];

/** The ids of a run that nothing disturbed. */
async function calmIds(): Promise<string[]> {
  const run = join(await temporaryFolder(), 'calm');
  await runCommand(offline(run), { timeout: 120_000 });
  return (await idsOf(run)).sort();
}

describe('a full disk', { timeout: 240_000 }, () => {
  it('ends the run with the name of the file; with room again it goes on and nothing is lost', async () => {
    const run = join(await temporaryFolder(), 'run');
    const program = fileURLToPath(new URL('../../../scripts/gem-traj.ts', import.meta.url));
    const limited = 'ulimit -f 400; trap "" XFSZ; exec "$0" --import "$@"';
    const node = [process.execPath, import.meta.resolve('tsx'), program, ...offline(run)];
    const full = await execa('bash', ['-c', limited, ...node], { reject: false });
    expect(full.exitCode).toBe(1);
    expect(full.stderr).toMatch(
      /gem-traj: cannot write to .*run\/journal\.jsonl\n {2}caused by: EFBIG/,
    );
    expect(full.stderr).toContain('Nothing is lost: make room and run the same command again.');
    expect(await manifestOf(run)).toMatchObject({ state: 'failed' });
    const kept = (await linesOf(run, 'journal.jsonl')).filter((line) => 'key' in line);
    expect(await runCommand(offline(run), { timeout: 120_000 })).toMatchObject({ exitCode: 0 });
    expect((await idsOf(run)).sort()).toEqual(await calmIds());
    const journal = (await linesOf(run, 'journal.jsonl')).filter((line) => 'key' in line);
    expect(journal.slice(0, kept.length)).toEqual(kept);
    expect(new Set(journal.map(({ key }) => key)).size).toBe(journal.length);
  });

  it.skipIf(!mayMount)(
    'does so on a file system of 700 KB (needs root and GEM_TRAJ_SYSTEM)',
    async () => {
      const folder = await mounted('size=700k');
      const run = join(folder, 'run');
      const full = await runCommand(offline(run), { timeout: 120_000 });
      expect(full.stderr).toMatch(/cannot write to .*\.jsonl\n {2}caused by: ENOSPC/);
      await execa('mount', ['-o', 'remount,size=50m', folder]);
      expect(await runCommand(offline(run), { timeout: 120_000 })).toMatchObject({ exitCode: 0 });
      expect((await idsOf(run)).sort()).toEqual(await calmIds());
    },
  );
});

describe('a folder that cannot be written', { timeout: 60_000 }, () => {
  it.skipIf(isRoot)('is named (root may write anywhere)', async () => {
    const folder = join(await temporaryFolder(), 'closed');
    await mkdir(folder);
    await chmod(folder, 0o500);
    const { exitCode, stderr } = await runCommand(offline(join(folder, 'run')));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/the run's folder .*closed\/run cannot be made: EACCES/);
  });

  it.skipIf(!mayMount)(
    'is named when the file system is read-only (needs root and GEM_TRAJ_SYSTEM)',
    async () => {
      const folder = await mounted('ro');
      const { exitCode, stderr } = await runCommand(offline(join(folder, 'run')));
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(/the run's folder .*run cannot be made: /);
    },
  );
});

/** A small file system in memory, until the test is over. */
async function mounted(options: string): Promise<string> {
  const folder = await temporaryFolder();
  await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(async () => void (await execa('umount', ['-l', folder])));
  return folder;
}
