import { defineCommand } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { isLocked } from '../../core/run/lock.ts';
import { type Manifest, readManifest } from '../../core/run/manifest.ts';
import { existingRun, runFolder } from '../../core/run/run-name.ts';
import { shardsIn } from '../../core/run/shard.ts';
import { terminal } from '../../core/terminal.ts';
import { readBatchRecords } from '../batch/batch-folder.ts';
import { arrayLines } from '../shards/array-lines.ts';
import { type ArrayStatus, arrayStatus } from '../shards/array-status.ts';
import { readArrayRecord } from '../shards/slurm/record.ts';
import { accountLines, headline } from '../summary.ts';

/** `gem-traj status RUN`: how far a run came, whether it is under way, and what it cost; of a divided run, each shard. */
export const statusCommand = defineCommand({
  command: 'status <run>',
  describe: 'How far a run and its shards came and what it cost',
  builder: (yargs) =>
    yargs
      .positional('run', {
        type: 'string',
        demandOption: true,
        describe: 'Name or folder of the run',
      })
      .option('json', { type: 'boolean', default: false, describe: 'The manifest as JSON' }),
  handler: async ({ run, json }) => {
    const folder = runFolder(run);
    if (await isDivided(folder)) await showArray(folder, json);
    else await showRun(await existingRun(run), json);
  },
});

async function isDivided(folder: string): Promise<boolean> {
  return shardsIn(folder).length > 0 || (await readArrayRecord(folder)) !== undefined;
}

async function showArray(folder: string, json: boolean): Promise<void> {
  const status = await arrayStatus(folder);
  const merged = await readManifest(folder);
  if (json) {
    terminal.print(JSON.stringify(forPrograms(folder, status, merged)));
    return;
  }
  const isMerged = merged?.merged !== undefined && merged.state !== 'running';
  const lines = arrayLines(folder, status, isMerged);
  if (merged !== undefined && isMerged)
    lines.push('', headline(merged), '', ...accountLines(merged));
  for (const line of lines) terminal.print(line);
}

/** The merged run's manifest as it is in its file, where there is one. */
function forPrograms(run: string, status: ArrayStatus, merged: Manifest | undefined) {
  const { shards, ...rest } = status;
  return {
    run,
    ...rest,
    merged: merged ?? null,
    shards: shards.map(({ shard, manifest, task, ...shown }) => ({
      ...shard,
      ...shown,
      task,
      funnel: manifest?.funnel ?? null,
      failed_passages: manifest?.failed_passages ?? 0,
      seconds: manifest?.seconds ?? 0,
      cost_usd: manifest?.total.cost_usd ?? 0,
      updated_at: manifest?.updated_at ?? null,
    })),
  };
}

async function showRun(folder: string, json: boolean): Promise<void> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) throw new UsageError(`${folder} has no manifest.json`);
  const killed = manifest.state === 'running' && !(await isLocked(folder));
  if (json) {
    terminal.print(JSON.stringify({ ...manifest, killed }));
    return;
  }
  const lines = [
    headline(killed ? { ...manifest, state: 'killed' } : manifest),
    '',
    ...accountLines(manifest),
  ];
  for (const line of [...lines, ...(await batchLines(folder))]) terminal.print(line);
  if (killed)
    terminal.print(
      '\nIts process is gone: run the same command again and it goes on from its journal.',
    );
}

async function batchLines(folder: string): Promise<string[]> {
  const batches = (await readBatchRecords(folder)).filter(({ state }) => state === 'sent');
  return batches.map(
    ({ remote, endpoint, place, requests }) =>
      `batch ${remote} (${requests} requests) is under way at ${endpoint}, ${place}`,
  );
}
