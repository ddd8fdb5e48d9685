import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Comparison } from '../../../eval/compare/comparison.ts';
import { runCommand } from '../../helpers/command.ts';
import { startEmbeddings } from '../../helpers/embedding-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { manyRows, writeComparedRun } from './compare-fixture.ts';

/** Rows whose assistant names a berth that nothing returned. */
const faulty = (rows: number) =>
  manyRows(rows).map((row) => ({
    ...row,
    messages: row.messages.map((message) =>
      message.role === 'assistant' && message.tool_calls === undefined
        ? { ...message, content: 'Berth C-99 is free for 480 dollars.' }
        : message,
    ),
  }));

describe('gem-traj eval compare --judge', () => {
  it('asks the judge blind in both orders and prints wins, ties and position bias', async () => {
    // The last four rows are the same in both: ties.
    const sound = manyRows(16);
    const mixed = [...faulty(12), ...manyRows(16).slice(12)];
    const a = await writeComparedRun({ accepted: sound, manifest: { name: 'sound' } });
    const b = await writeComparedRun({ accepted: mixed, manifest: { name: 'faulty' } });
    const out = join(await temporaryFolder(), 'out');
    const { stdout, stderr, exitCode } = await runCommand(
      ['eval', 'compare', a, b, '--judge', 'offline', '--out', out, '--replicates', '300'],
      { timeout: 120_000 },
    );
    expect(`${exitCode} ${stderr}`).toMatch(/^0 /);
    expect(stdout).toMatch(/Blind preference of offline-teacher .*: 16 of 16 pairs judged/);
    expect(stdout).toContain('Made by the offline teacher');
    expect(stdout).toContain('A wins 12, B wins 0, ties 4, the same place twice 0.');
    expect(stdout).toMatch(
      /preferred \(half of each tie\), of pairs +87\.5% +12\.5% +−75\.0 pp .*B lower: worse/,
    );
    // Twelve pairs with a winner, each once in either place: exactly half.
    expect(stdout).toMatch(
      /the first place won 12 of 24 answers .*, 50\.0% .*: no bias beyond noise/,
    );
    const saved = Comparison.parse(JSON.parse(await readFile(join(out, 'compare.json'), 'utf8')));
    expect(saved.pairs[0]?.preference).toMatchObject({ judged: 16, a_wins: 12, ties: 4 });
    expect(await readFile(join(out, 'compare.md'), 'utf8')).toContain('A wins 12, B wins 0');
  });

  it('of a run with itself finds ties alone', async () => {
    const run = await writeComparedRun({ accepted: manyRows(8) });
    const { stdout } = await runCommand(
      ['eval', 'compare', run, run, '--judge', 'offline', '--pairs', '6', '--replicates', '200'],
      { timeout: 120_000 },
    );
    expect(stdout).toContain('A wins 0, B wins 0, ties 6, the same place twice 0.');
    expect(stdout).toContain('Position bias: no answer named a winner.');
  });
});

describe('gem-traj eval compare --embedding-endpoint', () => {
  it('measures how far rows are apart, and asks for each row once', async () => {
    // Rows of A are about two things, rows of B about one.
    const { endpoint, asked } = await startEmbeddings((text) =>
      text.includes('quay') ? [1, 0] : [0, 1],
    );
    const about = (thing: (index: number) => string) =>
      manyRows(40).map((row, index) => ({
        ...row,
        messages: [...row.messages, { role: 'user' as const, content: `${index} ${thing(index)}` }],
      }));
    const various = about((index) => (index % 2 === 0 ? 'quay' : 'lake'));
    const a = await writeComparedRun({ accepted: various, manifest: { name: 'two' } });
    const b = await writeComparedRun({ accepted: about(() => 'lake'), manifest: { name: 'one' } });
    const folder = await temporaryFolder();
    const file = join(folder, 'endpoints.yaml');
    const { base_url: url } = endpoint;
    await writeFile(file, `endpoints:\n  vectors: { base_url: "${url}", model: counts }\n`);
    const words = ['--embedding-endpoint', 'vectors', '--endpoints', file];
    const command = ['eval', 'compare', a, b, ...words, '--out', join(folder, 'out')];
    const { stdout, stderr } = await runCommand([...command, '--replicates', '200']);
    expect(`${stderr}\n${stdout}`).toMatch(
      /embedding spread \(1 less the mean cosine of two rows\) +0\.51 +0\.00 +−0\.51 .*B lower: worse/,
    );
    const texts = asked.flat().length;
    expect(texts).toBe(60);
    await runCommand([...command, '--replicates', '200']);
    expect(asked.flat()).toHaveLength(texts);
  });

  it('is no reason to name endpoints without it', async () => {
    const run = await writeComparedRun({ accepted: manyRows(2) });
    const { stderr, exitCode } = await runCommand(['eval', 'compare', run, '--endpoints', 'x']);
    expect(`${exitCode} ${stderr}`).toMatch(
      /^1 .*--endpoints is of use with --judge ENDPOINT alone/,
    );
  });
});
