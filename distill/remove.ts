import { existsSync } from 'node:fs';
import { appendFile, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../core/errors.ts';
import { hashValue } from '../core/hash.ts';
import { JsonlAppender } from '../core/jsonl-append.ts';
import { type JsonlLine, readJsonl } from '../core/jsonl-read.ts';
import { parseLine } from '../core/run/parse-line.ts';
import { replaceFile } from '../core/write-file.ts';
import { finishedDataset } from './dataset-manifest.ts';
import type { Split } from './dataset-row.ts';
import { DecisionLine } from './decision-line.ts';
import { DecontaminationLine } from './decontaminate/report.ts';
import { finishDataset } from './finish-dataset.ts';
import { keptRules, refusing } from './kept-rules.ts';
import { LAYOUTS } from './layouts/layouts.ts';
import type { DistillRules } from './rules.ts';

/** What decisions.jsonl says of rows that left. */
const REMOVED = 'removed';

/** A row that left a dataset. */
export interface RemovedRow {
  id: string;
  passage_id: string;
  split: Split;
}

/**
 * Takes documents out of a dataset: their rows leave every file, the figures and the card follow, and rules.yaml
 * refuses the documents from then on. Stopped in the middle, the same call ends it; what left before is not given back.
 * @param sources ids of documents, or of single passages of them
 * @throws UsageError when the folder is no whole dataset, or an id has no row in it
 */
export async function removeSources(folder: string, sources: string[]): Promise<RemovedRow[]> {
  const manifest = await finishedDataset(folder);
  const { removed, all } = await rowsOf(folder, sources);
  const ids = new Set(removed.map(({ id }) => id));
  const rules = await refuseInRules(folder, sources);
  for (const trainer of manifest.trainers) {
    for (const { split } of manifest.splits) {
      const layout = LAYOUTS[trainer];
      const path = join(folder, layout.file(split));
      const left = await rewrite(path, ({ value }) =>
        ids.has(layout.read(value, manifest.task).id) ? undefined : value,
      );
      // A split without rows has no file, as when it is made.
      if (left === 0) await rm(path, { force: true });
    }
  }
  // Its lines quote rows, those too that were left out.
  const hits = join(folder, 'decontamination.jsonl');
  await rewrite(hits, (line) => {
    const hit = parseLine(DecontaminationLine, line, hits);
    return all.has(hit.row) ? undefined : hit;
  });
  await appendRemovals(folder, removed);
  const decisions = join(folder, 'decisions.jsonl');
  // Last of the rows' files: until then a second call finds the rows again.
  await rewrite(decisions, (line) => withoutRow(parseLine(DecisionLine, line, decisions), ids));
  const settings = { ...manifest.settings, rules_sha256: hashValue(rules) };
  await finishDataset(folder, { ...manifest, settings });
  return removed;
}

/** The rows of the sources that are in the dataset, and the ids of all that were read. */
async function rowsOf(
  folder: string,
  sources: string[],
): Promise<{ removed: RemovedRow[]; all: Set<string> }> {
  const removed: RemovedRow[] = [];
  const all = new Set<string>();
  const found = new Set<string>();
  const path = join(folder, 'decisions.jsonl');
  for await (const line of readJsonl(path)) {
    const decision = parseLine(DecisionLine, line, path);
    const source = [decision.source_id, decision.passage_id].find((id) => sources.includes(id));
    if (source === undefined) continue;
    all.add(decision.id);
    // Taken out before: what follows from the rows may not have been written anew, where that was stopped.
    if (decision.kept || decision.code === REMOVED) found.add(source);
    if (!decision.kept) continue;
    removed.push({ id: decision.id, passage_id: decision.passage_id, split: decision.split });
  }
  const missing = sources.find((source) => !found.has(source));
  if (missing === undefined) return { removed, all };
  throw new UsageError(
    `--source ${missing}: no row of ${folder} was made from it; source_id and passage_id in decisions.jsonl have the ids`,
  );
}

/**
 * Writes a file of lines anew, if it is there; a line for which `change` gives undefined is left out.
 * @returns how many lines it has
 */
async function rewrite(path: string, change: (line: JsonlLine) => unknown): Promise<number> {
  if (!existsSync(path)) return 0;
  const partial = `${path}.partial`;
  await rm(partial, { force: true });
  const { appender } = await JsonlAppender.open(partial);
  let lines = 0;
  try {
    for await (const line of readJsonl(path)) {
      const value = change(line);
      if (value === undefined) continue;
      await appender.append(value);
      lines += 1;
    }
  } finally {
    await appender.close();
  }
  await rename(partial, path);
  return lines;
}

function withoutRow(line: DecisionLine, ids: ReadonlySet<string>): DecisionLine {
  if (!line.kept || !ids.has(line.id)) return line;
  const { id, source_id, passage_id, run } = line;
  const drop = { code: REMOVED, text: 'taken out by distill remove', against: null, value: null };
  return { id, source_id, passage_id, run, kept: false, ...drop };
}

/** So that the dataset made anew from these rules does not have the documents again. */
async function refuseInRules(folder: string, sources: string[]): Promise<DistillRules> {
  const before = await keptRules(folder);
  const rules = refusing(before, sources);
  await replaceFile(join(folder, 'rules.yaml'), stringify(rules));
  return rules;
}

/** removals.jsonl keeps what left and when. */
async function appendRemovals(folder: string, rows: RemovedRow[]): Promise<void> {
  const at = new Date().toISOString();
  const lines = rows.map((row) => `${JSON.stringify({ ...row, at })}\n`);
  await appendFile(join(folder, 'removals.jsonl'), lines.join(''));
}
