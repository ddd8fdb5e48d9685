import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { trajectory, writeRun } from '../eval/run-report/run-fixture.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { readDataset } from './datasets.ts';
import { distillHere } from './distill-here.ts';

const ADDRESS = 'jo.smith@city-hall.org';

/** A dataset of two rows, one with an address in its passage, by this rule on personal data. */
async function distilled(action: string) {
  const source = trajectory('a').source;
  const run = await writeRun({
    accepted: [
      trajectory('a', { source: { ...source, text: `Write to ${ADDRESS} for a berth.` } }),
      trajectory('b', { turns: 2, source: { ...source, id: 'passage-b' } }),
    ],
  });
  const folder = await temporaryFolder();
  const rules = join(folder, 'rules.yaml');
  const duplicates = 'duplicates: { conversation_jaccard: null, passage_jaccard: null }';
  await writeFile(
    rules,
    `checks: { gate: none }\n${duplicates}\npersonal_data: { action: ${action} }\n`,
  );
  const out = join(folder, 'out');
  const flags = ['--task', 'synthesizer', '--trainer', 'trl', '--no-columnar'];
  await distillHere('--run', run, '--out', out, '--rules', rules, ...flags);
  const [card = '', sheet = '', ...texts] = await Promise.all(
    ['README.md', 'datasheet.json', 'trl/train.jsonl'].map((file) =>
      readFile(join(out, file), 'utf8'),
    ),
  );
  const { decisions } = await readDataset(out);
  const personal = decisions.map((line) => (line.kept ? line.facts.personal : line.code));
  return { card, datasheet: JSON.parse(sheet), text: texts.join(), personal };
}

describe('personal data in a passage', () => {
  it('is flagged: the row stays, decisions, datasheet and card tell its kind', async () => {
    const { card, datasheet, text, personal } = await distilled('flag');
    expect(text).toContain(ADDRESS);
    expect(personal).toEqual(['email 1', null]);
    expect(datasheet).toMatchObject({ personal_rows: 1, personal: [{ name: 'email', count: 1 }] });
    expect(card).toContain('1 of the rows kept have some (email in 1): it is still there');
    expect(card).not.toContain(ADDRESS);
  });

  it('is masked: the address is gone, and the same places tell that there was one', async () => {
    const { card, text, personal } = await distilled('mask');
    expect(text).not.toContain(ADDRESS);
    expect(personal).toEqual(['email 1', null]);
    expect(card).toContain('1 of the rows kept had some (email in 1): it was replaced');
  });

  it('is dropped with its row', async () => {
    const { card, text, personal } = await distilled('drop');
    expect(text).not.toContain(ADDRESS);
    expect(personal).toEqual(['personal_data', null]);
    expect(card).toContain('no row kept has any');
  });
});
