import type { Cluster } from '../../core/launch/cluster.ts';
import type { SlurmJob } from '../../core/launch/slurm-job.ts';
import type { Recipe } from '../recipe.ts';
import { pathsIn } from '../trainers/places.ts';
import type { Training } from '../training.ts';

/** The job of a training: preempted or at its time limit it saves, goes back into the queue and goes on. */
export function trainingJob(
  training: Pick<Training, 'name' | 'plan' | 'recipe' | 'after'> & { place: { out: string } },
  cluster: Cluster,
): SlurmJob {
  const { name, plan, place, recipe, after } = training;
  return {
    name: `train-${name}`.replaceAll(/[^\w.-]/g, '-'),
    cluster,
    folder: place.out,
    cwd: place.out,
    command: plan.argv,
    before: [
      '# What asked an earlier start to stop',
      `rm -f "${pathsIn(place.out).stop.replaceAll(/["\\$`]/g, '\\$&')}"`,
    ],
    env: { ...threads(recipe, cluster), ...plan.env },
    passEnv: ['HF_TOKEN'].filter((key) => process.env[key] !== undefined),
    nodes: recipe.nodes,
    gpusPerNode: recipe.device === 'gpu' ? recipe.gpus : 0,
    requeueAtTimeLimit: true,
    ...(after.length > 0 ? { dependency: { type: 'afterok' as const, jobs: after } } : {}),
  };
}

/** A job on a CPU gets its share of a node's cores, and torch would take all of them. */
function threads({ device, gpus }: Recipe, { cpus_per_node }: Cluster): Record<string, string> {
  if (device !== 'cpu' || cpus_per_node === undefined) return {};
  return { OMP_NUM_THREADS: String(Math.max(1, Math.floor(cpus_per_node / gpus))) };
}
