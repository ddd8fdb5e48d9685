import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { describe, expect, it, onTestFinished } from 'vitest';
import { JsonlAppender } from '../../core/jsonl-append.ts';
import { replaceFile } from '../../core/write-file.ts';
import { runCommand, startCommand } from '../helpers/command.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { filesBelow } from '../safety/marked-key.ts';
import { CORPUS, idsOf, linesOf, manifestOf } from '../synth/commands/jobs.ts';

const mayMount = process.getuid?.() === 0 && process.env.GEM_TRAJ_SYSTEM !== undefined;
const synth = (run: string) => ['synth', '--input', CORPUS, '--run', run, '--limit', '40'];

/** A run under way, after so many answers. */
async function underWay(run: string, answers: number) {
  const server = await taughtServer(undefined, 30);
  const env = { OPENAI_BASE_URL: server.url };
  const command = startCommand(synth(run), { env, timeout: 120_000 });
  await expect.poll(() => server.statuses[200] ?? 0, { timeout: 150_000 }).toBeGreaterThan(answers);
  return { server, env, command };
}

describe('the folder of a run under way', { timeout: 240_000 }, () => {
  it('that is deleted ends the run within seconds, and does not come back empty', async () => {
    const run = join(await temporaryFolder(), 'run');
    const { server, command } = await underWay(run, 30);
    await rm(run, { recursive: true, maxRetries: 50, retryDelay: 2 });
    const { exitCode, stderr } = await command.finished;
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /gem-traj: cannot write to .*run\/.*\n {2}caused by: (the file was removed, moved or replaced while it was written to|ENOENT)/,
    );
    expect(server.received).toBeLessThan(200);
    expect(existsSync(run)).toBe(false);
  });

  it('that is moved ends the run too, and it goes on at the new place with nothing lost', async () => {
    const folder = await temporaryFolder();
    const [old, moved] = [join(folder, 'run'), join(folder, 'moved')];
    const { server, env, command } = await underWay(old, 60);
    await rename(old, moved);
    const { exitCode } = await command.finished;
    expect(exitCode).toBe(1);
    expect(existsSync(old)).toBe(false);
    const kept = (await linesOf(moved, 'journal.jsonl')).length;
    expect(kept).toBeGreaterThan(30);
    const before = server.received;
    const again = await runCommand(synth(moved), { env, timeout: 120_000 });
    expect(again.exitCode, again.stderr).toBe(0);
    expect((await manifestOf(moved)).funnel.passages).toBe(40);
    const keys = (await linesOf(moved, 'journal.jsonl')).map(({ key }) => key);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length - kept).toBe(server.received - before);
    expect((await idsOf(moved)).length).toBe((await manifestOf(moved)).funnel.accepted);
  });

  it.skipIf(!mayMount)(
    'on a disk without any room is said to have none, and nothing half written stays (needs root and GEM_TRAJ_SYSTEM)',
    async () => {
      const folder = await mounted('size=64k');
      await writeFile(join(folder, 'filler'), Buffer.alloc(100_000)).catch(() => {});
      const { exitCode, stderr } = await runCommand([...synth(join(folder, 'run')), '--offline']);
      expect(exitCode).toBe(1);
      expect(stderr).toMatch(
        /ENOSPC.*\nNothing is lost: make room and run the same command again/s,
      );
      const left = (await readdir(folder, { recursive: true })).filter((name) => /tmp$/.test(name));
      expect(left).toEqual([]);
    },
  );
});

describe('a file that is written', () => {
  it('and removed or replaced meanwhile is an error, not rows that nobody finds', async () => {
    for (const act of [
      (path: string) => rm(path),
      async (path: string) => {
        await rm(path);
        await writeFile(path, '');
      },
    ]) {
      const path = join(await temporaryFolder(), 'rows.jsonl');
      const { appender } = await JsonlAppender.open(path);
      await appender.append({ a: 1 });
      await act(path);
      await expect(appender.flush()).rejects.toMatchObject({
        message: `cannot flush ${path} to disk`,
        cause: { message: expect.stringContaining('removed, moved or replaced') },
      });
      await expect(appender.close()).rejects.toThrow('cannot flush');
    }
  });

  it('as a whole leaves the old text and nothing beside it when it fails', async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'taken'));
    await expect(replaceFile(join(folder, 'taken'), 'new')).rejects.toThrow(
      /EISDIR|ENOTEMPTY|EEXIST/,
    );
    expect(await readdir(folder)).toEqual(['taken']);
  });
});

describe('after a run', { timeout: 240_000 }, () => {
  it('there is no lock and no unfinished file, also none that a kill had left', async () => {
    const run = join(await temporaryFolder(), 'run');
    const { env, command } = await underWay(run, 20);
    command.kill('SIGKILL');
    await command.finished;
    expect(await readdir(run)).toContain('lock');
    const left = ['manifest.json.4242.tmp', 'config.yaml.4242.tmp', 'prompts/ab.txt.4242.tmp'];
    for (const name of left) await writeFile(join(run, name), '{"half":');
    const stopped = startCommand(synth(run), { env, timeout: 120_000 });
    await expect.poll(() => existsSync(join(run, left[0] ?? '')), { timeout: 150_000 }).toBe(false);
    stopped.kill('SIGINT');
    expect((await stopped.finished).exitCode).toBe(130);
    const files = await filesBelow(run);
    expect(files.filter((path) => /lock|tmp$/.test(path))).toEqual([]);
  });

  it.each([
    ['077', 0o600, 0o700],
    ['002', 0o664, 0o775],
  ])("its files have the rights that the user's umask %s leaves", async (umask, file, folder) => {
    const run = join(await temporaryFolder(), 'run');
    const program = fileURLToPath(new URL('../../scripts/gem-traj.ts', import.meta.url));
    const node = [process.execPath, import.meta.resolve('tsx'), program];
    const args = ['synth', '--input', CORPUS, '--run', run, '--offline', '--limit', '3'];
    const shell = `umask ${umask}; exec "$0" --import "$@"`;
    await execa('bash', ['-c', shell, ...node, ...args]);
    await execa('bash', ['-c', shell, ...node, 'export', run, '--format', 'parquet']);
    const paths = await filesBelow(run);
    expect(paths.length).toBeGreaterThan(9);
    for (const path of paths) expect([path, (await stat(path)).mode & 0o777]).toEqual([path, file]);
    for (const path of [run, join(run, 'prompts'), join(run, 'exports')])
      expect([path, (await stat(path)).mode & 0o777]).toEqual([path, folder]);
    expect(await readFile(join(run, 'manifest.json'), 'utf8')).toContain('"finished"');
  });
});

/** A small file system in memory, until the test is over. */
async function mounted(options: string): Promise<string> {
  const folder = await temporaryFolder();
  await execa('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', folder]);
  onTestFinished(async () => void (await execa('umount', ['-l', folder])));
  return folder;
}
