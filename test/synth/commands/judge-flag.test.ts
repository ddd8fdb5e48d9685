import { describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { jobOptions, readConfig } from '../../../synth/commands/options.ts';
import { judgePromptOf, repairRounds, type SynthConfig } from '../../../synth/config.ts';

/** The settings that a command line gives. */
async function settings(line: string): Promise<SynthConfig> {
  const argv = ['--input', 'x.txt', ...line.split(' ').filter((word) => word !== '')];
  return readConfig(await jobOptions(yargs(argv).exitProcess(false).strict()).parseAsync());
}

describe('--judge', () => {
  it.each([
    ['', true, 'findings'],
    ['--judge', true, 'findings'],
    ['--judge paper', true, 'paper'],
    ['--judge=findings', true, 'findings'],
    ['--no-judge', false, 'findings'],
    // Without checks there is nothing to show.
    ['--no-check --judge findings', true, 'paper'],
  ])('"%s": asked %s, with the prompt %s', async (line, judge, prompt) => {
    const config = await settings(line);
    expect([config.judge, judgePromptOf(config)]).toEqual([judge, prompt]);
  });

  it('takes no other value', async () => {
    await expect(settings('--judge strict')).rejects.toThrow(
      /--judge strict: write --judge findings .* --judge paper .* or --no-judge/,
    );
    await expect(settings('--judge paper --judge findings')).rejects.toThrow(
      '--judge paper,findings',
    );
  });
});

describe('--repair', () => {
  it.each([
    ['', 1],
    ['--no-refine', 0],
    ['--no-check', 0],
    ['--no-judge', 0],
    ['--no-judge --repair 2', 2],
    ['--repair 0', 0],
    ['--repair 3 --no-check --no-judge', 0],
  ])('"%s": %i rounds at most', async (line, rounds) => {
    expect(repairRounds(await settings(line))).toBe(rounds);
  });

  it.each(['-1', '4', '1.5', 'often'])('%s is none', async (value) => {
    await expect(settings(`--repair ${value}`)).rejects.toThrow('--repair');
  });
});
