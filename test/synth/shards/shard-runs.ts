import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SHARDS_FOLDER, type Shard, shardFolder } from '../../../core/run/shard.ts';
import type { Trajectory } from '../../../core/trajectory.ts';
import { startTeacher } from '../../../synth/commands/options.ts';
import { SynthConfig } from '../../../synth/config.ts';
import { resolveEndpoints } from '../../../synth/resolve-endpoints.ts';
import type { SynthEnd, SynthJob } from '../../../synth/synth-job.ts';
import { synthesize } from '../../../synth/synth-run.ts';
import { CORPUS, linesOf } from '../commands/jobs.ts';

/** What differs from a run of the sample corpus by the offline teacher. */
export interface Wish {
  config?: Partial<SynthConfig>;
  inputs?: string[];
  defectRate?: number;
  stopping?: AbortSignal;
}

/** Runs the sample corpus, or one shard of it, in this process; `run` is the folder of the whole. */
export async function runSynth(
  run: string,
  shard: Shard | null,
  wish: Wish = {},
): Promise<SynthEnd> {
  const config = { ...SynthConfig.parse({ repair: 0 }), ...wish.config };
  const teacher = await startTeacher({
    size: 'compact',
    defectRate: wish.defectRate ?? 0,
    seed: config.seed,
  });
  try {
    const part: Pick<SynthJob, 'folder' | 'shard'> =
      shard === null
        ? { folder: run }
        : {
            folder: shardFolder(run, shard),
            shard: { shard, together: join(run, SHARDS_FOLDER, 'accepted') },
          };
    return await synthesize({
      config,
      inputs: wish.inputs ?? [CORPUS],
      ...part,
      endpoints: await resolveEndpoints(config, { stageEndpoints: [], offline: teacher.endpoint }),
      offline: true,
      reuse: [],
      onProgress: () => {},
      stopping: wish.stopping ?? new AbortController().signal,
      aborting: new AbortController().signal,
    });
  } finally {
    await teacher.close();
  }
}

/** All shards of a run, one after another. */
export async function runShards(run: string, count: number, wish: Wish = {}): Promise<void> {
  for (let index = 1; index <= count; index += 1) await runSynth(run, { index, count }, wish);
}

/** A run's rows by id, without the times, which no two runs share. */
export async function rowsOf(run: string, name: string): Promise<Map<string, unknown>> {
  const rows: Trajectory[] = await linesOf(run, name);
  return new Map(rows.map((row) => [row.id, withoutTimes(row)]));
}

/** A value without the seconds and moments in it. */
export function withoutTimes(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value, (key, member) =>
      ['seconds', 'started_at', 'updated_at', 'sessions'].includes(key) ? 0 : member,
    ),
  );
}

/** Writes a corpus of JSON lines. */
export async function writeCorpus(path: string, rows: readonly object[]): Promise<string> {
  await writeFile(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  return path;
}
