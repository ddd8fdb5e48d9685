import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { writeArrow } from '../../core/arrow-write.ts';
import type { Column, ColumnRow } from '../../core/columns.ts';
import { readJsonl } from '../../core/jsonl-read.ts';
import { writeParquet } from '../../core/parquet-write.ts';
import type { DatasetTask, Split } from '../dataset-row.ts';
import { type CardConfig, cardConfig } from './card-front-matter.ts';
import { datasetColumns, featuresOf, toDatasetColumns } from './columnar-columns.ts';
import { trlLayout } from './trl.ts';

const ARROW_FILE = 'data-00000-of-00001.arrow';

/**
 * Writes the TRL files of a dataset's folder as DIR/data/SPLIT.parquet, the hub's form, and as DIR/arrow,
 * which `datasets.load_from_disk` opens. Rows stream from the JSONL files, so memory does not grow with
 * them. Gives back the `configs` entry that the card in DIR needs, and the rows of each split.
 */
export async function writeColumnar(
  dir: string,
  task: DatasetTask,
  splits: readonly Split[],
): Promise<{ config: CardConfig; rows: Partial<Record<Split, number>> }> {
  const columns = datasetColumns(task);
  // A split that has no rows any more would stay as it was.
  for (const folder of ['data', 'arrow'])
    await rm(join(dir, folder), { recursive: true, force: true });
  await mkdir(join(dir, 'data'), { recursive: true });
  const rows: Partial<Record<Split, number>> = {};
  for (const split of splits) {
    const path = join(dir, 'data', `${split}.parquet`);
    rows[split] = await writeParquet(path, columns, splitRows(dir, task, split));
    await writeArrowSplit(dir, task, split);
  }
  await writeJson(join(dir, 'arrow', 'dataset_dict.json'), { splits });
  const dataFiles = splits.map((split) => ({ split, path: `data/${split}.parquet` }));
  return { config: cardConfig(dataFiles), rows };
}

async function* splitRows(
  dir: string,
  task: DatasetTask,
  split: Split,
): AsyncGenerator<ColumnRow, void, undefined> {
  for await (const { value } of readJsonl(join(dir, trlLayout.file(split)))) {
    yield toDatasetColumns(value, task);
  }
}

/** A split as `save_to_disk` leaves it: the rows, what their columns are, which files hold them. */
async function writeArrowSplit(dir: string, task: DatasetTask, split: Split): Promise<void> {
  const folder = join(dir, 'arrow', split);
  await mkdir(folder, { recursive: true });
  const columns: readonly Column[] = datasetColumns(task);
  const path = join(folder, ARROW_FILE);
  await writeArrow(path, columns, splitRows(dir, task, split));
  await writeJson(join(folder, 'dataset_info.json'), {
    citation: '',
    description: '',
    features: featuresOf(columns),
    homepage: '',
    license: '',
  });
  await writeJson(join(folder, 'state.json'), {
    _data_files: [{ filename: ARROW_FILE }],
    // `datasets` keeps what it computes from the rows under this name: other rows need another one.
    _fingerprint: (await fileHash(path)).slice(0, 16),
    _format_columns: null,
    _format_kwargs: {},
    _format_type: null,
    _output_all_columns: false,
    _split: split,
  });
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function writeJson(path: string, value: unknown): Promise<void> {
  await writeFile(path, `${JSON.stringify(value, null, 2)}\n`);
}
