import { existsSync, readFileSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { describeEnding, launch } from '../../../core/launch/process.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const NODE = process.execPath;

describe('a launched process', () => {
  it('writes its log beside what stood there before, and tells how it ended', async () => {
    const log = join(await temporaryFolder(), 'deep', 'run.log');
    const first = await launch({ argv: ['printf', 'one\n'], log });
    await first.ended;
    const second = await launch({
      argv: [
        NODE,
        '-e',
        'console.log(process.env.WORD); console.error("to stderr"); process.exitCode = 3',
      ],
      env: { WORD: "it's $HOME" },
      log,
    });
    expect(await second.ended).toMatchObject({
      exitCode: 3,
      signal: null,
      wasStopped: false,
      lastLines: ["it's $HOME", 'to stderr'],
    });
    expect(await readFile(log, 'utf8')).toBe("one\nit's $HOME\nto stderr\n");
  });

  it("ends with its own error, not with an earlier run's", async () => {
    const log = join(await temporaryFolder(), 'run.log');
    await writeFile(log, 'RuntimeError: of yesterday\n');
    const script = 'import json\nprint("loading")\njson.loads("{")';
    const { ended } = await launch({ argv: ['python3', '-c', script], log });
    const ending = await ended;
    expect(ending.lastError).toMatch(/^Traceback [\s\S]*JSONDecodeError: Expecting property name/);
    expect(describeEnding('the trainer', ending)).toMatch(
      /^the trainer ended \(exit 1\); its last error:\nTraceback/,
    );
    expect(ending.lastError).not.toContain('yesterday');
  });

  it('that is not there is named', async () => {
    const log = join(await temporaryFolder(), 'run.log');
    await expect(launch({ argv: ['no-such-program-here'], log })).rejects.toThrow(
      new UsageError('no-such-program-here is not there: give its path, or install it'),
    );
    await expect(launch({ argv: ['true'], cwd: '/no/such/folder', log })).rejects.toThrow(
      /true is to run in \/no\/such\/folder, which is not there/,
    );
  });
});

describe('stopping', () => {
  it('lets the process save on the interrupt, and only it', async () => {
    const folder = await temporaryFolder();
    const child = `trap 'echo child >>${folder}/interrupted' INT; while :; do sleep 0.1; done`;
    const parent = `bash -c "$0" & trap 'echo saved >${folder}/saved; exit 0' INT; echo up; while :; do sleep 0.1; done`;
    const log = join(folder, 'run.log');
    const running = await launch({ argv: ['bash', '-c', parent, child], log });
    await untilText(log, 'up');
    const ending = await running.stop();
    expect(ending).toMatchObject({ exitCode: 0, wasStopped: true });
    expect(await readFile(join(folder, 'saved'), 'utf8')).toBe('saved\n');
    expect(existsSync(join(folder, 'interrupted'))).toBe(false);
  });

  it('ends what does not listen, and its children in sessions of their own', async () => {
    const folder = await temporaryFolder();
    const log = join(folder, 'run.log');
    const deaf = 'trap "" INT TERM; echo $$; while :; do sleep 0.1; done';
    const running = await launch({
      argv: ['bash', '-c', 'trap "" INT TERM; setsid bash -c "$0" & bash -c "$0"', deaf],
      log,
    });
    const pids = await untilMatches(log, /^\d+$/gm, 2);
    const ending = await running.stop({ interruptMs: 100, terminateMs: 100 });
    expect(ending).toMatchObject({ signal: 'SIGKILL', exitCode: null });
    expect(pids.filter(isAlive)).toEqual([]);
  });

  it('is not needed for the workers of a launcher that died', async () => {
    const log = join(await temporaryFolder(), 'run.log');
    const running = await launch({
      argv: ['bash', '-c', 'setsid sleep 600 & echo $!; sleep 0.2; exit 5'],
      log,
    });
    expect(await running.ended).toMatchObject({ exitCode: 5 });
    const [worker = 0] = await untilMatches(log, /^\d+$/gm, 1);
    expect(isAlive(worker)).toBe(false);
  });
});

describe('when this program is killed', () => {
  it('nothing that it launched lives on', async () => {
    const log = join(await temporaryFolder(), 'run.log');
    const fixture = join(import.meta.dirname, 'fixtures', 'launch-and-wait.ts');
    const argv = ['bash', '-c', 'setsid sleep 600 & echo $!; sleep 600'];
    const parent = execa(NODE, ['--import', import.meta.resolve('tsx'), fixture, log, ...argv], {
      reject: false,
    });
    const [worker = 0] = await untilMatches(log, /^\d+$/gm, 1);
    parent.kill('SIGKILL');
    const { stdout } = await parent;
    await until(() => ![worker, Number(stdout)].some(isAlive));
  });
});

/** One that has ended may stay in the table until somebody asks for its exit code. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

async function untilText(path: string, text: string): Promise<void> {
  await until(async () => (await readFile(path, 'utf8')).includes(text));
}

async function untilMatches(path: string, pattern: RegExp, count: number): Promise<number[]> {
  let found: string[] = [];
  await until(async () => {
    found = (await readFile(path, 'utf8').catch(() => '')).match(pattern) ?? [];
    return found.length >= count;
  });
  return found.map(Number);
}

/** Until the test's own time is up. */
async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(50);
}
