import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rejection, trajectory, writeRun } from '../eval/run-report/run-fixture.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { readDataset } from './datasets.ts';
import { distillHere } from './distill-here.ts';

const mark = (id: string, verdict: 'accept' | 'reject') =>
  `${JSON.stringify({ id, verdict, comment: '', at: '2026-03-01T10:00:00Z' })}\n`;

const judged = (verdict: 0 | 1) => ({
  rubrics: { argument_values: verdict, capability: 1, context: 1 } as const,
  reason: '',
  message_index: null,
  model: 'judge',
});

/** A run that accepted nothing: two rows that its judge turned down, and one of which nothing came. */
async function turnedDown(): Promise<string> {
  const rejected = ['a', 'b'].map((id) =>
    rejection(id, 'judge', 'judge_failed', { judge: judged(0) }),
  );
  const empty = rejection('c', 'generate', 'off schema', { messages: [], tools: [] });
  const run = await writeRun({ accepted: [], rejected: [...rejected, empty] });
  await writeFile(
    join(run, 'marks.jsonl'),
    mark('a', 'accept') + mark('b', 'reject') + mark('c', 'accept'),
  );
  return run;
}

/** Makes a dataset of a run by these rules. */
async function distilled(run: string, rules: string): Promise<string> {
  const folder = await temporaryFolder();
  const [path, out] = [join(folder, 'rules.yaml'), join(folder, 'out')];
  await writeFile(path, rules);
  const flags = ['--task', 'agent', '--trainer', 'trl', '--validation', '0'];
  await distillHere('--run', run, '--out', out, '--rules', path, ...flags);
  return out;
}

describe('a row that the run turned down and a person accepted', () => {
  it('comes in when the rules say so, and the card tells', async () => {
    const out = await distilled(await turnedDown(), 'marks: { take_accepted: true }\n');
    const { rows, decisions } = await readDataset(out);
    expect((await rows('trl', 'train')).map(({ id }) => id)).toEqual(['a']);
    expect(decisions).toMatchObject([
      { id: 'a', kept: true, facts: { by_person: true, judged: false } },
      { id: 'c', kept: false, code: 'unwritable' },
    ]);
    const card = await readFile(join(out, 'README.md'), 'utf8');
    expect(card).toContain("taken in by a person's mark");
    expect(card).toMatch(/passed by a judge \| 0 /);
  });

  it('stays out otherwise', async () => {
    await expect(distilled(await turnedDown(), 'marks: { honour: true }\n')).rejects.toThrow(
      'there is no accepted row',
    );
    const run = await writeRun({ accepted: [trajectory('d', { judge: judged(0) })] });
    await writeFile(join(run, 'marks.jsonl'), mark('d', 'accept'));
    await expect(distilled(run, 'checks: { gate: none }\n')).rejects.toThrow('judge failed: 1');
  });
});
