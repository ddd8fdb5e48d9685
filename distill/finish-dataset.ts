import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readJsonl } from '../core/jsonl-read.ts';
import { parseLine } from '../core/run/parse-line.ts';
import { replaceFile } from '../core/write-file.ts';
import { datasetCard } from './card.ts';
import {
  type DatasetManifest,
  type SplitSummary,
  writeDatasetManifest,
} from './dataset-manifest.ts';
import { Split } from './dataset-row.ts';
import { DatasheetCount } from './datasheet.ts';
import { DecisionLine } from './decision-line.ts';
import { keptRules } from './kept-rules.ts';
import { type CardConfig, cardConfig } from './layouts/card-front-matter.ts';
import { writeColumnar } from './layouts/columnar.ts';
import { LAYOUTS } from './layouts/layouts.ts';

/**
 * Writes what follows from a dataset's rows and decisions: columnar files, the files beside the rows, datasheet, card,
 * and the manifest last.
 * @returns the manifest with its counts
 */
export async function finishDataset(
  folder: string,
  before: DatasetManifest,
): Promise<DatasetManifest> {
  const counts = new DecisionCounts(before);
  const path = join(folder, 'decisions.jsonl');
  for await (const line of readJsonl(path)) counts.add(parseLine(DecisionLine, line, path));
  const manifest = counts.manifest();
  const { name, task, splits } = manifest;
  for (const trainer of manifest.trainers) {
    for (const { path: beside, text } of LAYOUTS[trainer].sidecars({ name, task, splits })) {
      await mkdir(dirname(join(folder, beside)), { recursive: true });
      await writeFile(join(folder, beside), text);
    }
  }
  const config = await configOf(folder, manifest);
  const datasheet = counts.datasheet.report();
  await replaceFile(join(folder, 'datasheet.json'), `${JSON.stringify(datasheet, null, 2)}\n`);
  const rules = await keptRules(folder);
  await replaceFile(join(folder, 'README.md'), datasetCard({ manifest, datasheet, config, rules }));
  await writeDatasetManifest(folder, { ...manifest, state: 'finished' });
  return { ...manifest, state: 'finished' };
}

/** Which files hold which split, for the card; null where no form of the dataset is one that the hub reads. */
async function configOf(folder: string, manifest: DatasetManifest): Promise<CardConfig | null> {
  const { trainers, columnar, task } = manifest;
  if (!trainers.includes('trl')) return null;
  const splits = manifest.splits.map(({ split }) => split);
  if (columnar) return (await writeColumnar(folder, task, splits)).config;
  return cardConfig(splits.map((split) => ({ split, path: LAYOUTS.trl.file(split) })));
}

/** Counts decisions into a manifest and a datasheet. */
class DecisionCounts {
  readonly datasheet: DatasheetCount;
  readonly #before: DatasetManifest;
  readonly #splits = new Map<Split, { summary: SplitSummary; documents: Set<string> }>();
  readonly #dropped = new Map<string, number>();
  readonly #keptByRun = new Map<string, number>();
  #read = 0;
  #kept = 0;

  constructor(before: DatasetManifest) {
    this.#before = before;
    this.datasheet = new DatasheetCount(before.tokenizer === null);
  }

  add(line: DecisionLine): void {
    this.#read += 1;
    if (!line.kept) {
      this.#dropped.set(line.code, (this.#dropped.get(line.code) ?? 0) + 1);
      return;
    }
    this.#kept += 1;
    this.#keptByRun.set(line.run, (this.#keptByRun.get(line.run) ?? 0) + 1);
    this.datasheet.add(line.source_id, line.facts);
    const { summary, documents } = this.#split(line.split);
    documents.add(line.source_id);
    summary.rows += 1;
    summary.documents = documents.size;
    summary.tokens += line.facts.tokens;
    summary.trained_tokens += line.facts.trained;
  }

  #split(split: Split): { summary: SplitSummary; documents: Set<string> } {
    const known = this.#splits.get(split);
    if (known !== undefined) return known;
    const summary = { split, rows: 0, documents: 0, tokens: 0, trained_tokens: 0 };
    const made = { summary, documents: new Set<string>() };
    this.#splits.set(split, made);
    return made;
  }

  manifest(): DatasetManifest {
    const splits = Split.options.flatMap((split) => this.#splits.get(split)?.summary ?? []);
    return {
      ...this.#before,
      sources: this.#before.sources.map((source) => ({
        ...source,
        kept: this.#keptByRun.get(source.name) ?? 0,
      })),
      read: this.#read,
      kept: this.#kept,
      dropped: Object.fromEntries(this.#dropped),
      splits,
    };
  }
}
