import { copyFile, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { packageRoot } from '../../core/package-root.ts';
import { addCommands } from '../../scripts/commands.ts';
import { writeReproduction } from '../../scripts/reproduction/write-reproduction.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');
const TEXTS = { ULTRA_FINEWEB: 'texts', UNSEEN_ULTRA_FINEWEB: 'more-texts', WIKIHOW: 'how-to' };

/** A folder that stands for gem-traj's checkout, whose command writes down how it is called. */
async function pretendedHome(folder: string): Promise<string> {
  const home = join(folder, 'home');
  const loader = join(home, 'node_modules', 'tsx', 'dist');
  await mkdir(loader, { recursive: true });
  await mkdir(join(home, 'scripts'));
  await copyFile(join(FIXTURES, 'pretended-gem-traj.mjs'), join(loader, 'loader.mjs'));
  await writeFile(join(home, 'scripts', 'python-env'), '#!/bin/sh\n', { mode: 0o755 });
  return home;
}

/** Runs an experiment's script with the pretended command. */
async function run(folder: string, env: Record<string, string> = {}) {
  const home = await pretendedHome(folder).catch(() => join(folder, 'home'));
  return execa('bash', [join(folder, 'out', 'reproduce.sh')], {
    env: { ...TEXTS, ...env, GEM_TRAJ_HOME: home, EVERY: '0' },
    reject: false,
    all: true,
  });
}

async function callsIn(folder: string): Promise<string[][]> {
  const text = await readFile(join(folder, 'out', 'calls.jsonl'), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

/** Whether the real command line knows a command with all its flags; nothing is run. */
async function isKnown(args: string[]): Promise<true | string> {
  const parser = yargs(args)
    .strict()
    .parserConfiguration({ 'greedy-arrays': true })
    .demandCommand(1)
    .middleware(() => {
      throw new Accepted();
    })
    .fail((message, error) => {
      throw error ?? new Error(message);
    });
  await addCommands(parser, args[0]);
  try {
    await parser.parseAsync();
    return `${args.join(' ')} was run`;
  } catch (error) {
    return error instanceof Accepted ? true : `${args.join(' ')}: ${error}`;
  }
}

class Accepted extends Error {}

describe.each([
  ['paper', false],
  ['toy', true],
])('the experiment at the size of the %s', { timeout: 180_000 }, (name, toy) => {
  it('is a script of commands that the command line knows, in the order of the golden file', async () => {
    const folder = await temporaryFolder();
    const { script } = await writeReproduction(join(folder, 'out'), { toy });
    expect((await stat(script)).mode & 0o100).toBe(0o100);
    expect((await execa('bash', ['-n', script])).stderr).toBe('');
    const { exitCode, all } = await run(folder);
    expect(exitCode, all).toBe(0);
    const calls = await callsIn(folder);
    for (const call of calls) expect(await isKnown(call)).toBe(true);
    const lines = calls.map((call) => call.join(' '));
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot(
      join(import.meta.dirname, 'golden', `reproduce-${name}.txt`),
    );

    const again = await run(folder);
    expect(again.exitCode, again.all).toBe(0);
    expect(again.all).toContain('done before: trajectories\n');
    // What is done is not done again; the tables and the report are.
    const more = (await callsIn(folder)).slice(calls.length);
    expect(new Set(more.map(([command]) => command))).toEqual(new Set(['eval', 'report']));
  });
});

describe('a step that fails', { timeout: 120_000 }, () => {
  it('ends the script and its servers, and is the first to be done next time', async () => {
    const folder = await temporaryFolder();
    await writeReproduction(join(folder, 'out'), { toy: true });
    const failed = await run(folder, { FAIL: 'distill --task synthesizer' });
    expect(failed.exitCode).toBe(1);
    expect(failed.all).not.toContain('== trajectories-synthesized');
    const before = (await callsIn(folder)).length;
    const again = await run(folder, { BENCHMARKS: '0', AGENTS: 'gem' });
    expect(again.exitCode, again.all).toBe(0);
    expect((await callsIn(folder))[before]?.slice(0, 3)).toEqual([
      'distill',
      '--task',
      'synthesizer',
    ]);
  });

  it('on Slurm is submitted again three times, then told', async () => {
    const folder = await temporaryFolder();
    await writeReproduction(join(folder, 'out'), { toy: false });
    const { exitCode, all } = await run(folder, { STUCK: 'gem' });
    expect(exitCode).toBe(1);
    expect(all).toContain('gem does not come to its end:');
    const calls = await callsIn(folder);
    expect(calls.filter(([command]) => command === 'synth')).toHaveLength(3);
  });
});

describe('scripts/reproduce-paper', () => {
  const program = join(packageRoot(), 'scripts', 'reproduce-paper');

  it('writes a folder whose files are the user’s to change', async () => {
    const cwd = await temporaryFolder();
    await writeFile(join(cwd, 'mine.yaml'), 'partition: big\ngpus_per_node: 8\n');
    const write = () => execa(program, ['--out', 'x', '--cluster', 'mine.yaml'], { cwd });
    expect((await write()).stdout).toContain('UNSEEN_ULTRA_FINEWEB=');
    const read = (name: string) => readFile(join(cwd, 'x', name), 'utf8');
    expect(await read('cluster.yaml')).toContain('partition: big');
    expect(await read('endpoints.yaml')).toContain('glm-4.6:');
    await writeFile(join(cwd, 'x', 'synth.yaml'), 'gate: strict\n');
    expect((await write()).stdout).toContain('with changes, and kept: synth.yaml');
    expect(await read('synth.yaml')).toBe('gate: strict\n');
  });

  it('says what is wrong with a flag, and what the script is to be told', async () => {
    const cwd = await temporaryFolder();
    const bad = async (...flags: string[]) =>
      (await execa(program, flags, { cwd, reject: false })).stderr;
    expect(await bad('--toy', '--cluster', 'example')).toContain('--cluster is of no use');
    expect(await bad('--cluster', 'none')).toContain('there is no such cluster; known are');
    expect(await bad('--toys')).toContain('--help lists what there is');
    await execa(program, ['--out', 'x'], { cwd });
    const unset = await execa('bash', [join(cwd, 'x', 'reproduce.sh')], { reject: false });
    expect(unset.stderr).toContain('ULTRA_FINEWEB: set it to Parquet files of Ultra-FineWeb');
  });
});
