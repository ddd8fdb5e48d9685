import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { createEmbedder, type Embedder } from '../../core/llm/embedder.ts';
import { existingRun } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { namedEndpoint } from '../benchmarks/party.ts';
import { comparisonBlocks } from '../compare/blocks.ts';
import { type Compared, compareRuns } from '../compare/compare.ts';
import { judgePairs } from '../compare/judge-pairs.ts';
import { blockLines } from '../compare/lines.ts';
import { makeOutFolder } from '../compare/out-folder.ts';
import { writeComparison } from '../compare/write.ts';

/** `gem-traj eval compare RUN...`: what runs made of the same passages, and which differences are beyond noise. */
export const compareCommand = defineCommand({
  command: 'compare <runs..>',
  describe: 'Compare runs on the passages they share: every difference with its interval',
  builder: compareOptions,
  handler: async (flags) => {
    if (flags.judge === undefined) requireNoJudgeFlags(flags);
    const compared = await withEmbedder(flags, async (embedder) =>
      compareRuns(await Promise.all(flags.runs.map(existingRun)), {
        seed: flagValue('seed', z.number().int(), flags.seed),
        replicates: flagValue('replicates', z.number().int().min(200), flags.replicates),
        training: flags.training ?? null,
        gpus: flags.gpus.map((count) => flagValue('gpus', z.number().positive(), count)),
        ...(embedder === undefined ? {} : { embedder }),
        onRun: (name) => terminal.note(`reading ${name}`),
      }),
    );
    const paths =
      flags.out === undefined ? [] : await writeComparison(flags.out, compared.comparison);
    if (flags.judge !== undefined) await addPreferences(flags, flags.judge, compared);
    print(flags, compared, paths);
  },
});

type Flags = FlagsOf<typeof compareOptions>;

function compareOptions(yargs: Argv) {
  return yargs
    .positional('runs', {
      type: 'string',
      array: true,
      demandOption: true,
      describe:
        'Names or folders of runs, the baseline first; runs that differ in their seed alone are taken together',
    })
    .option('out', {
      type: 'string',
      describe: 'Folder for compare.md, compare.json and the judge’s answers',
    })
    .option('training', {
      type: 'string',
      describe: 'Folder of a dataset that `distill` made: how much rows copy from it',
    })
    .option('gpus', {
      type: 'number',
      array: true,
      default: [],
      describe: 'GPUs that served the runs, for GPU-seconds: one number for all, or one each',
    })
    .option('judge', {
      type: 'string',
      describe:
        'Endpoint that is asked which of two rows is better, blind and in both orders; `environment`, or `offline`',
    })
    .option('embedding-endpoint', {
      type: 'string',
      describe: 'Endpoint whose /embeddings measure how far rows are apart, beside self-BLEU',
    })
    .option('endpoints', { type: 'string', describe: 'File with the endpoints' })
    .option('pairs', {
      type: 'number',
      describe: 'With --judge: pairs of rows at most',
      defaultDescription: '100',
    })
    .option('budget', { type: 'number', describe: 'With --judge: USD that may be spent' })
    .option('replicates', { type: 'number', default: 2000, describe: 'Draws of the bootstrap' })
    .option('seed', { type: 'number', default: 0, describe: 'Seed of all draws' })
    .option('all', {
      type: 'boolean',
      default: false,
      describe: 'Print every difference, those within noise too',
    })
    .option('json', { type: 'boolean', default: false, describe: 'Print compare.json instead' });
}

function requireNoJudgeFlags({ pairs, budget, endpoints, embeddingEndpoint }: Flags): void {
  const given = { pairs, budget, ...(embeddingEndpoint === undefined ? { endpoints } : {}) };
  for (const [flag, value] of Object.entries(given))
    if (value !== undefined)
      throw new UsageError(`--${flag} is of use with --judge ENDPOINT alone`);
}

/** Vectors are kept in the --out folder, so that a second comparison asks for new rows alone. */
async function withEmbedder<T>(
  { embeddingEndpoint: name, endpoints, out }: Flags,
  work: (embedder: Embedder | undefined) => Promise<T>,
): Promise<T> {
  if (name === undefined) return work(undefined);
  const endpoint = await namedEndpoint('embedding-endpoint', name, endpoints);
  return inFolder(out, async (folder) => {
    const embedder = await createEmbedder(endpoint, join(folder, 'embeddings.jsonl'));
    try {
      return await work(embedder);
    } finally {
      await embedder.close();
    }
  });
}

/** The --out folder, made where it is not there; one that goes away again where none is given. */
async function inFolder<T>(
  out: string | undefined,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = out ?? (await mkdtemp(join(tmpdir(), 'gem-traj-compare-')));
  await makeOutFolder(folder);
  try {
    return await work(folder);
  } finally {
    if (out === undefined) await rm(folder, { recursive: true, force: true });
  }
}

const PAIRS = 100;

async function addPreferences(flags: Flags, judge: string, compared: Compared): Promise<void> {
  const { out, seed, replicates, endpoints, budget } = flags;
  await inFolder(out, async (folder) => {
    const ended = await judgePairs(compared, {
      folder: join(folder, 'preference'),
      judge,
      endpoints,
      pairs: flagValue('pairs', z.number().int().positive(), flags.pairs ?? PAIRS),
      budgetUsd: budget === undefined ? null : flagValue('budget', z.number().positive(), budget),
      draw: { seed, replicates },
    });
    if (out !== undefined) await writeComparison(out, compared.comparison);
    if (ended.interrupted) process.exitCode = 130;
    else if (ended.stopped) process.exitCode = 1;
    if (ended.stopped)
      terminal.note(
        out === undefined
          ? 'the judge was stopped; with --out FOLDER it can be gone on with'
          : 'the judge was stopped; run the same command again and it goes on',
      );
  });
}

function print({ json, all }: Flags, { comparison }: Compared, paths: readonly string[]): void {
  if (json) {
    terminal.print(JSON.stringify(comparison));
    return;
  }
  for (const line of blockLines(comparisonBlocks(comparison, { all })).slice(1))
    terminal.print(line);
  for (const path of paths) terminal.print(path);
}
