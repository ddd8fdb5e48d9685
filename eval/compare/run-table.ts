import { UsageError } from '../../core/errors.ts';
import { readRows } from '../../core/run/find-row.ts';
import { type Manifest, readManifest } from '../../core/run/manifest.ts';
import { Numbers } from '../../core/stats/numbers.ts';
import type { Rejection, Trajectory } from '../../core/trajectory.ts';
import { CHECKS_VERSION } from '../../synth/check/run-checks.ts';
import { Columns } from './columns.ts';
import { addCosts, type PassageEnds, readPassageEnds } from './passage-ends.ts';
import { rankOf } from './rank.ts';
import {
  findingColumns,
  findingsOf,
  groundingColumns,
  judgeColumns,
  kindsOf,
  ROWS,
  type RowKind,
  type RowSettings,
  shapeColumns,
} from './row-measures.ts';
import { RowSample } from './row-sample.ts';
import { ShapeName } from './shape.ts';
import type { TrainingNgrams } from './training-ngrams.ts';

/** How runs are read for a comparison. */
interface ReadSettings {
  seed: number;
  training: TrainingNgrams | null;
  /** Share of the rows whose arguments are traced to their sources, by the seeded order: it takes long. */
  tracedShare: number;
  /** GPUs that served the run; null where nobody said. */
  gpus: number | null;
}

/** A run in short: numbers of each passage and each row, a sample of its rows, and no other text. */
export interface RunTable {
  folder: string;
  manifest: Manifest;
  passages: PassageEnds;
  /** What each passage's text hashes to, where a row tells. */
  texts: Map<number, string>;
  rows: RowTable;
  sample: RowSample;
  shapes: Record<ShapeName, Numbers>;
  /** Why the findings are not those in the rows; null where they are. */
  rechecked: string | null;
  hasCosts: boolean;
  /** Null where nobody said, and where answers were taken over from another run. */
  gpus: number | null;
}

/** Rows by index: the passage, the kinds, and the columns. */
interface RowTable {
  passage: number[];
  kinds: number[];
  columns: Columns;
}

/**
 * Reads a run, row by row.
 * @throws UsageError where the folder holds no run or a row of another shape
 */
export async function readRunTable(folder: string, settings: ReadSettings): Promise<RunTable> {
  const manifest = await readManifest(folder);
  if (manifest === undefined)
    throw new UsageError(`${folder} holds no run (no manifest.json); name a run's folder`);
  const passages = await readPassageEnds(folder);
  const table = {
    folder,
    manifest,
    passages,
    texts: new Map(),
    rows: { passage: [], kinds: [], columns: new Columns() },
    sample: new RowSample(),
    shapes: newShapes(),
    rechecked: whyRechecked(manifest),
    hasCosts: await addCosts(folder, passages),
    // The GPU time of answers that were taken over was another run's, and is not known here.
    gpus: hasReused(passages) ? null : settings.gpus,
  };
  addGpuSeconds(table);
  for await (const { row } of readRows(folder, ['accepted', 'rejected', 'surplus']))
    addRow(table, row, settings);
  return table;
}

/** Rows of a kind that a run has. */
export function countRows({ rows }: Pick<RunTable, 'rows'>, kind: RowKind): number {
  return rows.kinds.filter((kinds) => (kinds & ROWS[kind]) !== 0).length;
}

function newShapes(): Record<ShapeName, Numbers> {
  // Object.fromEntries forgets that every key is there.
  return Object.fromEntries(ShapeName.options.map((name) => [name, new Numbers()])) as Record<
    ShapeName,
    Numbers
  >;
}

function whyRechecked({ ablation, fingerprint_parts: parts }: Manifest): string | null {
  if (!ablation.check) return 'the run had its checks off';
  const version = parts.checks_version;
  if (version === CHECKS_VERSION) return null;
  return `the run had version ${String(version)} of the checks, and these are version ${CHECKS_VERSION}`;
}

function hasReused({ columns }: PassageEnds): boolean {
  return columns.total('paid_tokens') < columns.total('tokens');
}

/** The run's wall time on all its GPUs, shared out by the time that requests took. */
function addGpuSeconds({ passages, manifest, gpus }: RunTable): void {
  const total = passages.columns.total('seconds');
  if (gpus === null || total === 0) return;
  const share = (gpus * manifest.seconds) / total;
  for (const index of passages.ids.keys())
    passages.columns.set(index, { gpu_seconds: share * passages.columns.get('seconds', index) });
}

function addRow(table: RunTable, row: Trajectory | Rejection, settings: ReadSettings): void {
  const { rows, passages, texts, sample, shapes, manifest } = table;
  const passage = passages.indexOf(row.source.id);
  // Of a passage under way: its line comes after its rows.
  if (passage === undefined) return;
  const index = rows.passage.push(passage) - 1;
  const kinds = kindsOf(row);
  rows.kinds.push(kinds);
  texts.set(passage, row.source.sha256.slice(0, 16));
  const rank = rankOf(row.source.id, settings.seed);
  const { language } = manifest.fingerprint_parts;
  const how: RowSettings = {
    recheck: table.rechecked !== null,
    language: typeof language === 'string' ? language : 'English',
  };
  if ((kinds & ROWS.reviewed) !== 0)
    rows.columns.set(index, {
      ...findingColumns(findingsOf(row, how)),
      ...judgeColumns(row),
    });
  if ((kinds & ROWS.passed) === 0 || 'rejected_by' in row) return;
  const shape = shapeColumns(row);
  for (const name of ShapeName.options) shapes[name].add(shape[name]);
  rows.columns.set(index, { ...shape, ...settings.training?.columns(row) });
  if (rank < settings.tracedShare) rows.columns.set(index, groundingColumns(row, how));
  sample.add(rank, row);
}
