import { join } from 'node:path';
import type { Argv } from 'yargs';
import { z } from 'zod';
import type { FlagsOf } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { parseShard, requireSameCount, SHARDS_FOLDER, shardFolder } from '../../core/run/shard.ts';
import type { ShardJob } from '../synth-job.ts';

/** The flags of `synth` that divide a run, and say where its shards run. */
export function shardOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('shard', {
      type: 'string',
      describe: 'Work on part I of N of the corpus (I/N, from 1), in RUN/shards; merge joins them',
    })
    .option('serve', {
      type: 'string',
      describe: 'Start a model server for this run, as a YAML file says (configs/serve)',
    })
    .option('on', {
      choices: ['local', 'slurm'] as const,
      default: 'local' as const,
      describe: 'Where it runs',
    })
    .option('shards', { type: 'number', describe: 'With --on slurm: how many shards' })
    .option('cluster', {
      type: 'string',
      describe: 'Cluster for --on slurm: a name in configs/clusters, or a file',
    })
    .option('gpus', {
      type: 'number',
      describe: 'With --on slurm: GPUs for each shard',
      defaultDescription: "with --serve the cluster's a node, else none",
    })
    .option('at-once', {
      type: 'number',
      describe: 'With --on slurm: shards that may run at the same time',
    })
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'With --on slurm: print the job scripts, and submit nothing',
    });
}

/** What a target may be. */
export const TARGET = z.number().int().positive();

export type ShardFlags = FlagsOf<typeof shardOptions<object>>;

/** The flags that only --on slurm has. */
const ONLY_SLURM = ['shards', 'cluster', 'gpus', 'atOnce'] as const;

/**
 * The folder that a run, or a shard of one, is in here, and the shard.
 * @throws UsageError for flags that do not fit together
 */
export function placeOf(flags: ShardFlags & { run: string }): {
  folder: string;
  shard?: ShardJob;
} {
  const stray = ONLY_SLURM.find((name) => flags[name] !== undefined);
  if (stray !== undefined || flags.dryRun)
    throw new UsageError(
      `--${(stray ?? 'dry-run').replace('atOnce', 'at-once')} is for --on slurm; --shard I/N works on one shard here`,
    );
  const run = runFolder(flags.run);
  if (flags.shard === undefined) return { folder: run };
  const shard = parseShard(flags.shard);
  requireSameCount(run, shard.count);
  const together = join(run, SHARDS_FOLDER, 'accepted');
  return { folder: shardFolder(run, shard), shard: { shard, together } };
}
