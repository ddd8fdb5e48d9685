import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { synthesizerTarget } from '../../../core/synthesizer.ts';
import type { Trajectory } from '../../../core/trajectory.ts';
import { compareRuns } from '../../../eval/compare/compare.ts';
import { readTrainingNgrams } from '../../../eval/compare/training-ngrams.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { trajectory } from '../run-report/run-fixture.ts';
import { writeComparedRun } from './compare-fixture.ts';

/** A row in which the assistant says this. */
function saying(id: string, text: string): Trajectory {
  const row = trajectory(id);
  return {
    ...row,
    messages: [
      { role: 'system', content: 'Help.' },
      { role: 'assistant', content: text },
    ],
  };
}

/** A folder as distill writes it. */
async function dataset(lines: unknown[]): Promise<string> {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'trl'));
  const text = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
  await writeFile(join(folder, 'trl', 'train.jsonl'), text);
  return folder;
}

const LEARNT =
  'The harbour master writes the name of the boat and its length into the green book at noon.';
const NEW =
  'Nobody has ever told me why cheese from the upper valley keeps so much longer than ours does.';

const agentLine = (row: Trajectory) => ({
  id: row.id,
  source_id: row.source.id,
  messages: row.messages,
  tools: '[]',
});
const synthesizerLine = (row: Trajectory) => ({
  id: row.id,
  source_id: row.source.id,
  prompt: [{ role: 'user', content: 'Task: synthesize' }],
  completion: [{ role: 'assistant', content: synthesizerTarget(row) }],
});

describe('the overlap with a training set', () => {
  it.each([
    ['agent', agentLine],
    ['synthesizer', synthesizerLine],
  ] as const)('is whole for a row that was trained on as %s, none for another', async (_, line) => {
    const ngrams = await readTrainingNgrams(await dataset([line(saying('t', LEARNT))]));
    expect(ngrams.columns(saying('x', LEARNT))).toMatchObject({ overlap: 1, overlap_half: 1 });
    expect(ngrams.columns(saying('x', NEW))).toMatchObject({ overlap: 0, overlap_half: 0 });
    expect(ngrams.columns(saying('x', `${LEARNT} ${NEW}`)).overlap).toBeCloseTo(11 / 29);
  });

  it('does not count what stands in the row’s own passage, nor shape and case of letters', async () => {
    const ngrams = await readTrainingNgrams(await dataset([agentLine(saying('t', LEARNT))]));
    const quoting = saying('x', `${LEARNT} ${NEW}`);
    const own = { ...quoting, source: { ...quoting.source, text: LEARNT } };
    expect(ngrams.columns(own)).toMatchObject({ overlap: 0 });
    expect(ngrams.columns(saying('x', LEARNT.toUpperCase())).overlap).toBe(1);
  });

  it('knows whose document was trained on, pieces of it too', async () => {
    const trained = saying('t', LEARNT);
    const ngrams = await readTrainingNgrams(
      await dataset([{ ...agentLine(trained), source_id: 'guide' }]),
    );
    const piece = { ...trained, source: { ...trained.source, id: 'guide#3' } };
    expect(ngrams.columns(piece).passage_trained).toBe(1);
    expect(ngrams.columns(trained).passage_trained).toBe(0);
  });

  it('is a measure of a comparison with --training', async () => {
    const rows = (text: (index: number) => string) =>
      Array.from({ length: 20 }, (_, index) => saying(`row-${index}`, text(index)));
    const fresh = await writeComparedRun({ accepted: rows((index) => `${NEW} ${index}`) });
    const copied = await writeComparedRun({ accepted: rows(() => LEARNT) });
    const training = await dataset([agentLine(saying('t', LEARNT))]);
    const settings = { seed: 0, replicates: 300, training, gpus: [], onRun: () => {} };
    const { comparison } = await compareRuns([fresh, copied], settings);
    const overlap = comparison.pairs[0]?.views[0]?.differences.find(
      ({ name }) => name === 'overlap',
    );
    expect(overlap).toMatchObject({ a: 0, b: 1, verdict: 'higher', better: 'lower' });
    expect(comparison.training).toEqual({ rows: 1 });
  });

  it('cannot be told from a folder that is no dataset', async () => {
    await expect(readTrainingNgrams(await temporaryFolder())).rejects.toThrow(
      /there is no trl\/train\.jsonl/,
    );
    await expect(readTrainingNgrams(await dataset([]))).rejects.toThrow(/has no row/);
  });
});
