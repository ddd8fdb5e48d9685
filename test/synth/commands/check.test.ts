import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../helpers/command.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { clean } from '../check/cases.ts';

async function rowsFile(rows: readonly unknown[]): Promise<string> {
  const path = join(await temporaryFolder(), 'rows.jsonl');
  const lines = rows.map((row) => (typeof row === 'string' ? row : JSON.stringify(row)));
  await writeFile(path, `${lines.join('\n')}\n`);
  return path;
}

const emptied = { ...clean, messages: [...clean.messages.slice(0, -1), { role: 'assistant' }] };

describe('gem-traj check', () => {
  it('prints a table and a summary, and fails on errors alone', async () => {
    const [good, bad] = [
      await rowsFile([{ id: 'one', ...clean }]),
      await rowsFile([{ id: 'two', ...clean }, { id: 'three', ...emptied }, '{"cut": ']),
    ];
    const passed = await runCommand(['check', good]);
    expect(passed.stdout).toContain('1 rows: 0 with at worst an error');
    expect(passed.exitCode).toBe(0);
    const { stdout, exitCode } = await runCommand(['check', good, bad]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^error +assistant_empty +1 +1$/m);
    expect(stdout).toMatch(/^row_unreadable: rows.jsonl:3/m);
    expect(stdout).toContain('4 rows: 2 with at worst an error, 0 with at worst a warning');
  });

  it('prints one line a row for programs, and its summary beside them', async () => {
    const path = await rowsFile([
      { id: 'one', ...clean },
      { id: 'two', ...emptied },
    ]);
    const { stdout, stderr, exitCode } = await runCommand(['check', path, '--json']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows).toMatchObject([
      { id: 'one', findings: [], patterns: [] },
      { id: 'two', findings: [{ code: 'assistant_empty', severity: 'error', message_index: 4 }] },
    ]);
    expect(rows[1].findings[0].fix).toMatch(/./);
    expect(Object.keys(rows[0])).toEqual(['id', 'findings', 'patterns', 'groundings']);
    expect(stderr).toContain('2 rows: 1 with at worst an error');
    expect(exitCode).toBe(1);
  });

  it('fails on warnings where that is asked, and holds our own rows to more', async () => {
    const answered = [
      ...clean.messages,
      { role: 'user', content: 'A' },
      { role: 'user', content: 'B' },
    ];
    const path = await rowsFile([{ ...clean, messages: answered }]);
    expect((await runCommand(['check', path, '--fail-on', 'warning'])).exitCode).toBe(1);
    expect((await runCommand(['check', path, '--profile', 'gem'])).exitCode).toBe(1);
  });

  it('explains a code, and says what it does not know', async () => {
    const one = await runCommand(['check', '--explain', 'wrong_type']);
    expect(one.stdout).toContain('wrong_type: A value has the wrong type');
    expect(one.stdout).toMatch(/^example +find_book/m);
    const unknown = await runCommand(['check', '--explain', 'wrong']);
    expect(unknown.stderr).toContain('Did you mean wrong_type?');
    expect(unknown.exitCode).toBe(1);
  });
});

describe('gem-traj check calibrate', () => {
  it('puts faults into clean rows and leaves out those with defects', async () => {
    const rows = Array.from({ length: 4 }, (_, index) => ({ id: `row ${index}`, ...clean }));
    const path = await rowsFile([...rows, { id: 'bad', ...clean, defects: ['wrong_type'] }]);
    const args = ['check', 'calibrate', path, '--half', 'all'];
    const { stdout, exitCode } = await runCommand(args);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(
      '4 clean rows with 4 calls (left out: 0 of the other half, 1 with known defects',
    );
    expect(stdout).toMatch(/^structure +tool renamed +4 +4 +100\.0% +51\.0% to 100\.0% +4$/m);
    const json = JSON.parse((await runCommand([...args, '--json'])).stdout);
    expect(json).toMatchObject({ rows: 4, calls: 4, left_out: { defects: 1 } });
  });
});
