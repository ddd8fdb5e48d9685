import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { readParquet } from '../../../core/parquet-read.ts';
import type { DatasetRow } from '../../../distill/dataset-row.ts';
import { writeColumnar } from '../../../distill/layouts/columnar.ts';
import type { Trainer } from '../../../distill/layouts/layout.ts';
import { asTrained } from '../../../distill/layouts/layout-line.ts';
import { LAYOUTS } from '../../../distill/layouts/layouts.ts';
import { AGENT_PROBES, PAIR_PROBES } from './probes.ts';
import { readAnswer, TrainerProcesses } from './trainer-processes.ts';
import { lineOf, writeDataset } from './write-dataset.ts';

const INSTALL_MS = 900_000;
// So small that the first chunk is all of the same kind, which is what a loader's guess goes by.
const CHUNK_BYTES = 16_384;

const PROBES = { agent: AGENT_PROBES, synthesizer: PAIR_PROBES };
/** A chunk and more of rows without system message, tools and calls, from days; then all there is. */
const LIKE_ROWS: readonly DatasetRow[] = Array.from({ length: 12 }, (_, index) => ({
  id: `2024-01-${10 + index}`,
  source_id: '2024-01-05',
  messages: [
    { role: 'user', content: 'Hello? '.repeat(400) },
    { role: 'assistant', content: 'Hello.' },
  ],
  tools: [],
}));
const UNLIKE_ROWS = [
  ...LIKE_ROWS,
  ...AGENT_PROBES.map((row) => ({ ...row, source_id: `source of ${row.id}` })),
];
const NAIVE_LINES = UNLIKE_ROWS.map((row) => JSON.stringify(asTrained(row)));

let folder: string;
let processes: TrainerProcesses;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'columnar-'));
  processes = new TrainerProcesses(folder);
  for (const task of ['agent', 'synthesizer'] as const) {
    await writeDataset(join(folder, task), task, PROBES[task]);
  }
  await writeDataset(join(folder, 'unlike'), 'agent', UNLIKE_ROWS);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test.each(['agent', 'synthesizer'] as const)('Parquet holds the rows of %s', async (task) => {
  const { config, rows } = await writeColumnar(join(folder, task), task, ['train']);
  expect(rows).toEqual({ train: PROBES[task].length });
  const [file] = config.data_files;
  const read: DatasetRow[] = [];
  for await (const row of readParquet(join(folder, task, file?.path ?? ''))) {
    read.push(LAYOUTS.trl.read(JSON.parse(JSON.stringify(row)), task));
  }
  expect(read).toEqual(PROBES[task].map(asTrained));
});

test('other rows get another fingerprint, equal rows the same one', async () => {
  const fingerprint = async (rows: readonly DatasetRow[]) => {
    const place = await mkdtemp(join(folder, 'print-'));
    await writeDataset(place, 'agent', rows);
    await writeColumnar(place, 'agent', ['train']);
    const state = await readFile(join(place, 'arrow', 'train', 'state.json'), 'utf8');
    return z.object({ _fingerprint: z.string() }).parse(JSON.parse(state))._fingerprint;
  };
  const [first, ...rest] = LIKE_ROWS;
  if (first === undefined) throw new Error('no rows');
  const once = await fingerprint([first, ...rest]);
  expect(await fingerprint([first, ...rest])).toBe(once);
  expect(await fingerprint([{ ...first, id: 'changed' }, ...rest])).not.toBe(once);
});

interface Job {
  open: 'json' | 'parquet' | 'disk' | 'folder';
  path: string;
  chunk?: number;
  out: string;
  /** Whose lines the rows are. */
  trainer: Trainer;
}

describe.each([
  { environment: 'trl', version: '5.2.0' },
  { environment: 'swift', version: '4.8.4' },
  { environment: 'llamafactory', version: '4.0.0' },
])('datasets $version', ({ environment, version }) => {
  let jobs: Job[];
  let naive: Job;

  beforeAll(async () => {
    await processes.install(environment);
    const dir = join(folder, 'unlike');
    await writeColumnar(dir, 'agent', ['train']);
    const file = (trainer: Trainer) => join(dir, LAYOUTS[trainer].file('train'));
    const out = (name: string) => join(folder, `${environment}-${name}.json`);
    const chunk = CHUNK_BYTES;
    jobs = (['llamafactory', 'swift', 'axolotl'] as const).map((trainer) => ({
      open: 'json',
      path: file(trainer),
      chunk,
      out: out(trainer),
      trainer,
    }));
    const parquet = join(dir, 'data', 'train.parquet');
    jobs.push({ open: 'parquet', path: parquet, out: out('parquet'), trainer: 'trl' });
    jobs.push({ open: 'disk', path: join(dir, 'arrow'), out: out('disk'), trainer: 'trl' });
    // The type that TRL's card declares came with 4.7.
    if (version !== '4.0.0') {
      jobs.push({ open: 'folder', path: join(dir, 'trl'), chunk, out: out('trl'), trainer: 'trl' });
    }
    const path = join(folder, `naive-${environment}.jsonl`);
    await writeFile(path, `${NAIVE_LINES.join('\n')}\n`);
    naive = { open: 'json', path, chunk, out: out('naive'), trainer: 'trl' };
    const cache = join(folder, environment);
    await processes.run(environment, 'datasets_rows.py', [cache, [...jobs, naive]]);
  }, INSTALL_MS);

  test('reads every file as it was written, whatever its first rows are like', async () => {
    for (const { open, trainer, out } of jobs) {
      const { error, rows } = Answer.parse(await readAnswer(out));
      expect([open, trainer, error]).toEqual([open, trainer, undefined]);
      const layout = LAYOUTS[trainer];
      const written = UNLIKE_ROWS.map((row) => layout.read(lineOf(layout, row, 'agent'), 'agent'));
      expect(rows.map((row) => layout.read(row, 'agent'))).toEqual(written);
    }
  });

  test('does not read them so without what the layouts do about it', async () => {
    const { error, rows } = Answer.parse(await readAnswer(naive.out));
    const read = rows.map((row) => JSON.stringify(row));
    expect(error !== undefined || read.join() !== NAIVE_LINES.join()).toBe(true);
  });
});

const Answer = z.object({ error: z.string().optional(), rows: z.array(z.unknown()).default([]) });
