import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import yargs from 'yargs';
import { reportCommand } from '../../../eval/commands/report.ts';
import { RunReport } from '../../../eval/run-report/run-report.ts';
import { writeRunReport } from '../../../eval/run-report/write.ts';
import { trajectory, writeRun } from './run-fixture.ts';

afterEach(() => vi.restoreAllMocks());

async function printed(...words: string[]): Promise<string> {
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  await yargs(words).command(reportCommand).strict().fail(false).parseAsync();
  const text = write.mock.calls.map(([piece]) => String(piece)).join('');
  write.mockRestore();
  return text;
}

describe('writing a report', () => {
  it('puts three files into the folder, the same ones again for the same rows', async () => {
    const folder = await writeRun({ accepted: [trajectory('a1')] });
    const paths = await writeRunReport(folder);
    expect(paths.map((path) => basename(path))).toEqual([
      'report.html',
      'report.md',
      'report.json',
    ]);
    const texts = await Promise.all(paths.map((path) => readFile(path, 'utf8')));
    expect(RunReport.parse(JSON.parse(texts[2] ?? '')).rows.accepted).toBe(1);
    await writeRunReport(folder);
    expect(await Promise.all(paths.map((path) => readFile(path, 'utf8')))).toEqual(texts);
    expect((await readdir(folder)).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});

describe('gem-traj report', () => {
  it('prints the paths, the page first, or with --json the figures', async () => {
    const folder = await writeRun({ accepted: [trajectory('a1')] });
    expect(await printed('report', folder)).toBe(
      ['html', 'md', 'json'].map((ending) => `${join(folder, `report.${ending}`)}\n`).join(''),
    );
    expect(RunReport.parse(JSON.parse(await printed('report', folder, '--json'))).run.name).toBe(
      'harbour-run',
    );
  });

  it('names a run that is not there', async () => {
    await expect(printed('report', 'no/such/run')).rejects.toThrow(
      'no/such/run: there is no folder no/such/run; a report takes a run (name or folder)',
    );
  });
});
