import { UsageError } from '../../core/errors.ts';
import type { Embedder } from '../../core/llm/embedder.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { comparePair } from './compare-pair.ts';
import type { Comparison } from './comparison.ts';
import { type Method, methodsOf, type NamedRun, namedRuns } from './method.ts';
import { runFigures } from './run-figures.ts';
import { type RunTable, readRunTable } from './run-table.ts';
import { readTrainingNgrams } from './training-ngrams.ts';

interface CompareSettings {
  seed: number;
  /** Draws of the bootstrap. */
  replicates: number;
  /** A folder that `distill` made; null where nothing is compared with a training set. */
  training: string | null;
  /** GPUs that served each run, one for all or one each; empty where nobody said. */
  gpus: readonly number[];
  /** Turns rows into vectors, for the spread of their embeddings; nobody is asked without. */
  embedder?: Embedder;
  /** Told the name of each run before it is read. */
  onRun: (name: string) => void;
}

/** A comparison, and the methods it is of. */
export interface Compared {
  comparison: Comparison;
  methods: Method[];
}

/** Rows whose arguments are traced, at most, about. */
const TRACED_ROWS = 3000;

/**
 * Reads runs and compares each pair of methods on the passages they share; a single run is shown by itself.
 * Memory grows with the rows by some 200 bytes each, not with their texts.
 * @param folders of the runs; a run given twice is compared with itself
 * @throws UsageError where a folder holds no run, or no run has a passage that came to an end
 */
export async function compareRuns(
  folders: readonly string[],
  settings: CompareSettings,
): Promise<Compared> {
  const { seed, replicates } = settings;
  const gpus = gpusOf(settings.gpus, folders.length);
  const training = settings.training === null ? null : await readTrainingNgrams(settings.training);
  const tracedShare = await tracedShareOf(folders);
  const tables: RunTable[] = [];
  for (const [index, folder] of folders.entries()) {
    settings.onRun(folder);
    const own = { gpus: gpus[index] ?? null };
    const table = await readRunTable(folder, { seed, training, tracedShare, ...own });
    if (settings.embedder !== undefined) await embedSample(table, settings.embedder);
    tables.push(table);
  }
  const runs = namedRuns(tables);
  if (tables.every(({ passages }) => passages.ids.length === 0))
    throw new UsageError(
      `nothing to compare: no passage has come to an end in ${folders.join(', ')}; let the runs go on, then compare`,
    );
  const methods = methodsOf(runs);
  const pairs = methods.flatMap((a, index) =>
    methods.slice(index + 1).map((b) => comparePair(a, b, { seed, replicates })),
  );
  return {
    methods,
    comparison: {
      schema_version: 1,
      kind: 'comparison',
      seed,
      replicates,
      training: training === null ? null : { rows: training.rows },
      runs: runs.map(runFigures),
      methods: methods.map(({ name, runs: members }) => ({
        name,
        runs: members.map((table) => nameOf(runs, table)),
      })),
      pairs,
      notes: runs.flatMap(runNotes),
    },
  };
}

/** The same for all runs, so that the same passages are traced. */
async function tracedShareOf(folders: readonly string[]): Promise<number> {
  const manifests = await Promise.all(folders.map((folder) => readManifest(folder)));
  const rows = manifests.map((manifest) => manifest?.funnel.accepted ?? 0);
  return TRACED_ROWS / Math.max(1, ...rows);
}

/** Adds a vector to each sampled row, of what user and assistant say in it. */
async function embedSample({ sample }: RunTable, embedder: Embedder): Promise<void> {
  const rows = sample.rows();
  const vectors = await embedder.embed(rows.map(({ words }) => words.join(' ')));
  for (const [index, row] of rows.entries()) {
    const vector = vectors[index];
    if (vector !== undefined) row.vector = vector;
  }
}

/** For each run how many there were. */
function gpusOf(gpus: readonly number[], runs: number): (number | null)[] {
  if (gpus.length === runs) return [...gpus];
  if (gpus.length <= 1) return Array.from({ length: runs }, () => gpus[0] ?? null);
  throw new UsageError(
    `--gpus has ${gpus.length} numbers for ${runs} runs; give one for all, or one each in the order of the runs`,
  );
}

function nameOf(runs: readonly NamedRun[], table: RunTable): string {
  return runs.find((run) => run.table === table)?.name ?? table.manifest.name;
}

function runNotes({ name, table }: NamedRun): string[] {
  const { passages, manifest, rechecked } = table;
  const notes: string[] = [];
  if (passages.ids.length === 0)
    notes.push(`${name} is empty: no passage has come to an end in it.`);
  else if (manifest.state !== 'finished')
    notes.push(`${name} is not finished (${manifest.state}): it is compared on what has ended.`);
  if (rechecked !== null)
    notes.push(`${name}: its rows were checked anew for the findings, since ${rechecked}.`);
  return notes;
}
