// How a run bears a large corpus: the offline teacher over short passages of our own making, none of which gets past
// the filter (a million), or most of which go through the whole pipeline (a hundred thousand). Each run is killed at
// nine tenths and gone on with. What grows faster than the corpus shows in the columns that compare parts of one run.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { loadavg, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import { build } from './measured-process.ts';
import { writeCorpus } from './scale-corpus.ts';
import { type Mark, type ScaledRun, scaledRun } from './scale-run.ts';
import { table } from './table.ts';

const USAGE = `usage: scripts/bench scale [options]
  --passages N,N,...   sizes (10000,1000000 for the filter and 10000,100000 for the pipeline)
  --only NAME          filter or pipeline
  --folder FOLDER      where corpora and runs are made, and removed again (the system's for temporary files)
`;
const KINDS = {
  filter: { procedures: 0, sizes: [10_000, 1_000_000] },
  pipeline: { procedures: 0.8, sizes: [10_000, 100_000] },
} as const;
type Kind = keyof typeof KINDS;
const MIB = 2 ** 20;

const { values } = parseArgs({
  options: {
    passages: { type: 'string' },
    only: { type: 'string' },
    folder: { type: 'string', default: tmpdir() },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const kinds = (['filter', 'pipeline'] as const).filter((kind) => kind === (values.only ?? kind));
  const load = loadavg()[0]?.toFixed(0);
  process.stdout.write(`${machine()}, load ${load}\n\n`);
  await build();
  for (const kind of kinds) {
    const runs: { passages: number; input: number; run: ScaledRun }[] = [];
    for (const passages of sizesOf(kind)) runs.push(await measured(kind, passages));
    process.stdout.write(report(kind, runs));
  }
}

function sizesOf(kind: Kind): readonly number[] {
  if (values.passages === undefined) return KINDS[kind].sizes;
  const sizes = values.passages.split(',').map(Number);
  if (sizes.every((size) => Number.isInteger(size) && size > 0)) return sizes;
  throw new Error(`--passages ${values.passages}: whole numbers above 0, with commas between them`);
}

async function measured(kind: Kind, passages: number) {
  const folder = await mkdtemp(join(values.folder, 'bench-scale-'));
  try {
    const corpus = join(folder, 'corpus.jsonl');
    await writeCorpus(corpus, passages, KINDS[kind].procedures);
    const run = await scaledRun(folder, corpus, passages);
    process.stderr.write(`${kind}: ${speedLine(passages, run.marks).join('  ')}\n`);
    return { passages, input: (await stat(corpus)).size, run };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

type Measured = Awaited<ReturnType<typeof measured>>;

function report(kind: Kind, all: readonly Measured[]): string {
  const speed = table(
    [kind, 'rows a second', 'CPU ms a row, to half', 'from half', 'peak MiB', 'live MiB', 'bytes'],
    all.map(({ passages, run }) => speedLine(passages, run.marks)),
  );
  const after = table(
    [kind, 'resumed s', 'CPU s', 'peak MiB', 'status s', 'report s', 'CPU s', 'peak MiB'],
    all.map(({ passages, run }) => [count(passages), ...afterLine(run)]),
  );
  const names = [...new Set(all.flatMap(({ run }) => [...run.files.keys()]))].sort();
  const files = table(
    ['bytes a passage', ...all.map(({ passages }) => count(passages))],
    [
      ['corpus', ...all.map(({ passages, input }) => perPassage(input, passages))],
      ...names.map((name) => [
        name,
        ...all.map(({ passages, run }) => perPassage(run.files.get(name) ?? 0, passages)),
      ]),
      ['run in all', ...all.map(({ passages, run }) => perPassage(sum(run.files), passages))],
    ],
  );
  return `${speed}\n${after}\n${files}\n${slope(all)}\n`;
}

/** The last column: what a passage adds to what is live, between a tenth and nine tenths of the run. */
function speedLine(passages: number, marks: readonly Mark[]): string[] {
  const [first, middle, last] = marks;
  if (first === undefined || middle === undefined || last === undefined)
    throw new Error('a run has three marks');
  const cpu = (from: Mark, to: Mark) =>
    ((1000 * (to.cpu - from.cpu)) / (to.passages - from.passages)).toFixed(2);
  return [
    count(passages),
    (last.passages / last.seconds).toFixed(0),
    cpu(first, middle),
    cpu(middle, last),
    last.rss.toFixed(0),
    (last.live / MIB).toFixed(1),
    ((last.live - first.live) / (last.passages - first.passages)).toFixed(0),
  ];
}

function afterLine({ resumed, second, status, report: made }: ScaledRun): string[] {
  return [
    resumed.toFixed(1),
    second.cpu.toFixed(1),
    second.rss.toFixed(0),
    status.seconds.toFixed(1),
    made.seconds.toFixed(1),
    made.cpu.toFixed(1),
    made.rss.toFixed(0),
  ];
}

/** Between the smallest and the largest run: what a passage adds to the highest resident size. */
function slope(all: readonly Measured[]): string {
  const [small, large] = [all[0], all.at(-1)];
  const [base, top] = [small?.run.marks.at(-1), large?.run.marks.at(-1)];
  if (base === undefined || top === undefined || top.passages <= base.passages) return '';
  const bytes = ((top.rss - base.rss) * MIB) / (top.passages - base.passages);
  return `peak: ${base.rss.toFixed(0)} MiB at ${count(base.passages)} passages ended, ${bytes.toFixed(0)} bytes for each further one\n`;
}

function sum(sizes: ReadonlyMap<string, number>): number {
  return [...sizes.values()].reduce((total, size) => total + size, 0);
}

function count(number: number): string {
  return number.toLocaleString('en-US');
}

function perPassage(bytes: number, passages: number): string {
  return count(Number((bytes / passages).toFixed(bytes / passages < 10 ? 1 : 0)));
}
