import type { Cluster } from './cluster.ts';
import { jobLog, type SlurmJob } from './slurm-job.ts';

/** The #SBATCH lines that say where a job runs, what it takes and where its log is. */
export function resources(job: SlurmJob): string[] {
  const { name, cluster, nodes = 1, timeLimit, folder, array } = job;
  const { gpusPerNode = cluster.gpus_per_node } = job;
  const type = cluster.gpu_type === undefined ? '' : `${cluster.gpu_type}:`;
  const log = jobLog(name, array === undefined ? '%j' : '%A_%a');
  return [
    '# Where it runs and what it takes: one task a node, which starts a process for each GPU itself',
    ...option('job-name', name),
    ...option('partition', cluster.partition),
    ...option('account', cluster.account),
    ...option('qos', cluster.qos),
    ...option('nodes', nodes),
    ...option('ntasks-per-node', 1),
    ...option('gres', gpusPerNode > 0 ? `gpu:${type}${gpusPerNode}` : undefined),
    ...option('cpus-per-task', shareOf(cluster, gpusPerNode, cluster.cpus_per_node)),
    ...option('mem', memoryFor(cluster, gpusPerNode)),
    ...option('time', timeLimit ?? cluster.time_limit),
    ...option('array', arrayRange(array)),
    '# Its log; a second start goes on in the same file',
    `#SBATCH --output="${folder.replaceAll('%', '%%')}/${log}"`,
    '#SBATCH --open-mode=append',
    ...cluster.sbatch_lines.map((line) => `#SBATCH ${line}`),
  ];
}

/** One line for sbatch; none for what is not set. */
export function option(name: string, value: string | number | undefined): string[] {
  return value === undefined ? [] : [`#SBATCH --${name}=${value}`];
}

/** Who takes some of a node's GPUs takes as much of the rest, and leaves the others usable. */
function shareOf(
  { gpus_per_node }: Cluster,
  gpus: number,
  whole: number | undefined,
): number | undefined {
  if (whole === undefined || gpus_per_node === 0 || gpus === 0) return whole;
  return Math.max(1, Math.floor((whole * gpus) / gpus_per_node));
}

function memoryFor(cluster: Cluster, gpus: number): string | undefined {
  const [, amount, unit = ''] = /^(\d+)(\D?)$/.exec(cluster.memory ?? '') ?? [];
  // 0 is all there is.
  if (amount === undefined || amount === '0') return cluster.memory;
  return `${shareOf(cluster, gpus, Number(amount))}${unit}`;
}

function arrayRange(array: SlurmJob['array']): string | undefined {
  if (array === undefined) return undefined;
  const atOnce = array.atOnce === undefined ? '' : `%${array.atOnce}`;
  const range = array.ids === undefined ? `0-${array.tasks - 1}` : rangesOf(array.ids);
  return `${range}${atOnce}`;
}

/** `1,4-6` of ascending numbers. */
function rangesOf(ids: readonly number[]): string {
  const runs: [number, number][] = [];
  for (const id of ids) {
    const last = runs.at(-1);
    if (last !== undefined && last[1] === id - 1) last[1] = id;
    else runs.push([id, id]);
  }
  return runs.map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`)).join(',');
}
