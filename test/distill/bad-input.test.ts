import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../core/errors.ts';
import { trajectory, writeRun } from '../eval/run-report/run-fixture.ts';
import { runCommand } from '../helpers/command.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { distillHere } from './distill-here.ts';

async function refused(run: string[], over: string[] = []): Promise<string> {
  const out = join(await temporaryFolder(), 'out');
  const made = distillHere('--run', ...run, '--out', out, '--task', 'agent', ...over);
  const error: unknown = await made.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(UsageError);
  return error instanceof UsageError ? error.message : '';
}

const accepted = [trajectory('a')];

describe('distill refuses', () => {
  it('a run without accepted rows, telling how it ended', async () => {
    const run = await writeRun({ accepted: [] });
    expect(await refused([run])).toMatch(/no accepted row[\s\S]*finished, \d+ passages/);
  });

  it('rows of the offline teacher', async () => {
    const run = await writeRun({ accepted, manifest: { offline: true } });
    expect(await refused([run])).toContain('--allow-offline');
  });

  it('runs of different settings, naming what differs', async () => {
    const one = await writeRun({ accepted });
    const parts = { gate: 'paper', seed: 11 };
    const other = await writeRun({
      accepted,
      manifest: { fingerprint: 'fedcba9876543210', fingerprint_parts: parts },
    });
    const message = await refused([one, other]);
    expect(message).toContain('gate: "strict" / "paper"');
    expect(message).toContain('--allow-mixed');
  });

  it('a run given twice, and one that is not there', async () => {
    const run = await writeRun({ accepted });
    expect(await refused([run, run])).toContain('given twice');
    expect(await refused([join(run, 'nothing')])).toContain('there is no run');
  });

  it('a tokenizer file that is none', async () => {
    const run = await writeRun({ accepted });
    const path = join(await temporaryFolder(), 'tokenizer.json');
    await writeFile(path, '{"hello": 1}');
    expect(await refused([run], ['--tokenizer', path])).toContain(path);
  });

  it('a folder with other things in it, and leaves them', async () => {
    const run = await writeRun({ accepted });
    const out = await temporaryFolder();
    await writeFile(join(out, 'thesis.tex'), 'words');
    const { exitCode, stderr } = await runCommand([
      'distill',
      '--run',
      run,
      '--out',
      out,
      '--task',
      'agent',
    ]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain('thesis.tex');
    expect(stderr).not.toMatch(/\n\s+at /);
    expect(await readdir(out)).toEqual(['thesis.tex']);
  });

  it('rules that leave nothing, telling what took the rows', async () => {
    const run = await writeRun({ accepted });
    const rules = join(await temporaryFolder(), 'rules.yaml');
    await writeFile(rules, 'licences: { refuse: [CC0] }\nchecks: { gate: none }\n');
    const folder = await temporaryFolder();
    const flags = ['--run', run, '--out', folder, '--task', 'agent', '--rules', rules];
    const left = /no row is left of 1[\s\S]*licence refused: 1/;
    await expect(distillHere(...flags)).rejects.toThrow(left);
    // The folder is not lost to the next attempt.
    await expect(distillHere(...flags)).rejects.toThrow(left);
  });

  it('a row that a person turned down, unless told not to mind', async () => {
    const run = await writeRun({ accepted });
    const mark = { id: 'a', verdict: 'reject', comment: 'wrong quay', at: '2026-03-01T10:00:00Z' };
    await writeFile(join(run, 'marks.jsonl'), `${JSON.stringify(mark)}\n`);
    expect(await refused([run])).toMatch(/person rejected: 1/);
  });

  it('unknown rules and flags out of range, with what is allowed', async () => {
    const run = await writeRun({ accepted });
    const rules = join(await temporaryFolder(), 'rules.yaml');
    await writeFile(rules, 'caps: { per_planet: 3 }\n');
    expect(await refused([run], ['--rules', rules])).toMatch(/per_planet.*per_domain/);
    expect(await refused([run], ['--validation', '1.5'])).toContain('--validation 1.5');
    expect(await refused([run], ['--decontaminate', 'nowhere.jsonl'])).toContain('nowhere.jsonl');
  });
});
