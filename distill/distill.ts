import { rename, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { stringify } from 'yaml';
import { UsageError } from '../core/errors.ts';
import { hashValue } from '../core/hash.ts';
import { JsonlAppender } from '../core/jsonl-append.ts';
import { packageVersion } from '../core/package-root.ts';
import { SYNTHESIZER_INSTRUCTION } from '../core/synthesizer.ts';
import { replaceFile } from '../core/write-file.ts';
import { claimFolder, clearFolder } from './dataset-folder.ts';
import {
  type DatasetManifest,
  readDatasetManifest,
  writeDatasetManifest,
} from './dataset-manifest.ts';
import type { Split } from './dataset-row.ts';
import { DecontaminationReport, summaryLines } from './decontaminate/report.ts';
import type { DistillJob } from './distill-job.ts';
import { finishDataset } from './finish-dataset.ts';
import { keptRules, refusing } from './kept-rules.ts';
import { decide } from './select/decide.ts';
import { groupDocuments } from './select/document-groups.ts';
import { splitDocuments } from './select/split.ts';
import { summaryOf } from './source-runs.ts';
import { type SurveyedRow, survey } from './survey.ts';
import { TokenStatistics, type TokenSummary } from './token-statistics.ts';
import { areTokensEstimated } from './tokens.ts';
import { type Fate, writeDataset } from './write-dataset.ts';

/**
 * Makes a dataset: reads all rows once to measure them, chooses, reads them again and writes those that were chosen.
 * @param replace whether a whole dataset in the folder may be made anew
 * @returns the manifest, and whether the dataset was made now or had been there, of the same rows and rules
 * @throws UsageError for a folder with other things in it, and where no row is left
 */
export async function distill(
  asked: DistillJob,
  replace: boolean,
): Promise<{ manifest: DatasetManifest; made: boolean }> {
  const there = await readDatasetManifest(asked.out);
  const job = there === undefined ? asked : await withoutRemoved(asked);
  const begun = beginning(job);
  if (there?.state === 'finished' && !replace && isSame(there, begun))
    return { manifest: there, made: false };
  await claimFolder(job.out, replace);
  if (there?.state !== 'finished') await writeDatasetManifest(job.out, begun);
  const found = await chooseAndWrite(job, begun);
  return { manifest: await finishDataset(job.out, { ...begun, ...found }), made: true };
}

/** What is known of the rows lives no longer than this: finishing a dataset wants the memory for row groups. */
async function chooseAndWrite(
  job: DistillJob,
  begun: DatasetManifest,
): Promise<Pick<DatasetManifest, 'decontamination' | 'tokens'>> {
  const hits = join(job.out, 'decontamination.jsonl');
  const unsettledHits = `${hits}.tmp`;
  try {
    const { rows, decontamination } = await measured(job, unsettledHits);
    const fates = chosen(job, rows);
    if (!fates.some((fate) => 'split' in fate)) throw new UsageError(nothingLeft(fates));
    // A dataset that is replaced goes now that there is another; what was once removed from it stays known.
    await writeDatasetManifest(job.out, begun);
    await replaceFile(join(job.out, 'rules.yaml'), stringify(job.rules));
    await clearFolder(job.out, ['manifest.json', 'rules.yaml', basename(unsettledHits)]);
    if (job.screen !== null) await rename(unsettledHits, hits);
    await writeDataset(job, rows, fates);
    return { decontamination, tokens: lengthsOf(job, rows) };
  } finally {
    await rm(unsettledHits, { force: true });
  }
}

/** What was once taken out of a dataset does not come back when it is made anew. */
async function withoutRemoved(job: DistillJob): Promise<DistillJob> {
  const { refuse_sources: removed } = await keptRules(job.out);
  return { ...job, rules: refusing(job.rules, removed) };
}

function beginning(job: DistillJob): DatasetManifest {
  const { task, sources } = job;
  const { version, sha256 } = SYNTHESIZER_INSTRUCTION;
  return {
    kind: 'gem-traj dataset',
    schema_version: 1,
    state: 'writing',
    name: job.name,
    task,
    trainers: job.trainers,
    columnar: job.columnar,
    instruction: task === 'synthesizer' ? { version, sha256 } : null,
    settings: {
      max_tokens: job.maxTokens,
      validation: job.validation,
      test: job.test,
      seed: job.seed,
      decontaminate: job.decontaminate,
      benchmarks_sha256: hashValue(
        (job.screen?.benchmarks ?? []).map(({ fingerprint, texts }) => [fingerprint, texts]),
      ),
      embeddings: job.embeddings,
      rules_sha256: hashValue(job.rules),
      runs_sha256: hashValue(
        sources.map(({ name, manifest, marks }) => [
          name,
          manifest.fingerprint,
          manifest.funnel.accepted,
          [...marks.values()].map(({ id, verdict }) => [id, verdict]),
        ]),
      ),
    },
    ...tokenizersOf(job),
    sources: sources.map(summaryOf),
    offline: sources.some(({ manifest }) => manifest.offline),
    read: 0,
    kept: 0,
    dropped: {},
    splits: [],
    decontamination: [],
    tokens: null,
    versions: { 'gem-traj': packageVersion(), node: process.version },
    created_at: new Date().toISOString(),
  };
}

function tokenizersOf({
  tokenizer,
}: DistillJob): Pick<DatasetManifest, 'tokenizer' | 'estimated_with'> {
  const used = tokenizer === null ? null : { name: tokenizer.name, sha256: tokenizer.sha256 };
  return areTokensEstimated(tokenizer)
    ? { tokenizer: null, estimated_with: used }
    : { tokenizer: used, estimated_with: null };
}

/** Whether two manifests are of the same rows, rules and forms. */
function isSame(one: DatasetManifest, other: DatasetManifest): boolean {
  const what = ({
    name,
    task,
    trainers,
    columnar,
    instruction,
    settings,
    tokenizer,
    estimated_with,
  }: DatasetManifest) =>
    hashValue([name, task, trainers, columnar, instruction, settings, tokenizer, estimated_with]);
  return what(one) === what(other);
}

/** @param path where hits are written, a line each */
async function measured(
  job: DistillJob,
  path: string,
): Promise<{ rows: SurveyedRow[]; decontamination: string[] }> {
  const { screen } = job;
  if (screen === null) return { rows: await survey(job, async () => {}), decontamination: [] };
  const report = new DecontaminationReport(screen.benchmarks);
  await rm(path, { force: true });
  const { appender } = await JsonlAppender.open(path);
  try {
    const rows = await survey(job, async (row, hits) => {
      for (const line of report.add(row, hits)) await appender.append(line);
    });
    const blind = screen.withoutTexts.map(
      (name) => `${name}: no embeddings were compared, it is there as hashes only`,
    );
    return { rows, decontamination: [...summaryLines(report.summary()), ...blind] };
  } finally {
    await appender.close();
  }
}

/** How long the rows are that were read, those too that go. */
function lengthsOf({ maxTokens }: DistillJob, rows: readonly SurveyedRow[]): TokenSummary | null {
  const statistics = new TokenStatistics();
  for (const { unwritable, measure } of rows)
    if (unwritable === null) statistics.add(measure.tokens ?? 0);
  return statistics.summary(maxTokens);
}

/** The fate of every row, in their order. */
function chosen(
  { rules, maxTokens, validation, test, seed }: DistillJob,
  rows: SurveyedRow[],
): Fate[] {
  const writable = rows
    .filter(({ unwritable }) => unwritable === null)
    .map(({ measure }) => measure);
  const decisions = decide(writable, rules, { maxTokens, seed });
  const kept = writable.filter((_, index) => decisions[index]?.kept === true);
  const splits = splitDocuments(groupDocuments(kept, rules), { validation, test, seed });
  let decided = 0;
  return rows.map(({ unwritable, measure }): Fate => {
    if (unwritable !== null)
      return { drop: { code: 'unwritable', text: unwritable, against: null, value: null } };
    const decision = decisions[decided++];
    if (decision === undefined) throw new Error('a row has no decision');
    if (!decision.kept) {
      const { code, text, against, value } = decision;
      return { drop: { code, text, against, value } };
    }
    const split = splits.get(measure.document);
    if (split === undefined) throw new Error('a row has no split');
    return STAYS[split];
  });
}

/** One object a split, whatever the number of rows. */
const STAYS: Record<Split, Fate> = {
  train: { split: 'train' },
  validation: { split: 'validation' },
  test: { split: 'test' },
};

function nothingLeft(fates: readonly Fate[]): string {
  const counts = new Map<string, number>();
  for (const fate of fates)
    if ('drop' in fate) counts.set(fate.drop.code, (counts.get(fate.drop.code) ?? 0) + 1);
  const lines = [...counts]
    .sort(([, a], [, b]) => b - a)
    .map(([code, rows]) => `  ${code.replaceAll('_', ' ')}: ${rows}`);
  const example = fates.find((fate) => 'drop' in fate);
  const first =
    example !== undefined && 'drop' in example ? `; the first: ${example.drop.text}` : '';
  return [
    `no row is left of ${fates.length}${first}`,
    ...lines,
    'Change the rules (--rules FILE), the flags or the runs.',
  ].join('\n');
}
