import { availableParallelism, freemem } from 'node:os';
import { execa } from 'execa';
import type { Cluster } from '../../core/launch/cluster.ts';
import { localGpus } from '../../core/launch/gpus.ts';
import type { Recipe } from '../recipe.ts';
import type { Machine } from './duration.ts';
import { type Finding, finding } from './finding.ts';

/** What a training has to work with. */
export interface Hardware {
  machine: Machine;
  /** Bytes of one GPU, or that a CPU has free for all processes; null where it is not known. */
  memory: number | null;
  finding: Finding;
}

/** Looks at this machine, or at what the cluster's file says. */
export async function findHardware(recipe: Recipe, cluster: Cluster | null): Promise<Hardware> {
  if (recipe.device === 'cpu') {
    const cores = availableParallelism();
    const memory = cluster === null ? freemem() : null;
    const problems = cluster === null && recipe.nodes > 1 ? [oneMachine(recipe)] : [];
    return { machine: { cores }, memory, finding: finding({ problems }) };
  }
  return cluster === null ? localHardware(recipe) : clusterHardware(recipe, cluster);
}

/** The names of this machine's GPUs, as nvidia-smi has them. */
export async function gpuNames(): Promise<string[]> {
  const args = ['--query-gpu=name', '--format=csv,noheader'];
  const { exitCode, stdout } = await execa('nvidia-smi', args, { reject: false, timeout: 30_000 });
  return exitCode === 0 ? stdout.split('\n').filter(Boolean) : [];
}

async function localHardware(recipe: Recipe): Promise<Hardware> {
  const sizes = await localGpus();
  const [name = null] = await gpuNames();
  const problem = wrongPlace(recipe, sizes.length);
  return {
    machine: { gpu: name },
    memory: sizes.length === 0 ? null : Math.min(...sizes) * 1e9,
    finding: finding({ problems: problem === null ? [] : [problem] }),
  };
}

function wrongPlace({ gpus, nodes }: Recipe, found: number): string | null {
  if (nodes > 1) return oneMachine({ nodes });
  if (found === 0)
    return `there is no GPU here (nvidia-smi finds none) and the recipe wants ${gpus}: --on slurm, or a recipe for a CPU (tiny-qwen3, synthesizer-smollm2-135m)`;
  if (found < gpus)
    return `the recipe wants ${gpus} GPUs and there are ${found} here: --gpus ${found}, or --on slurm`;
  return null;
}

function oneMachine({ nodes }: Pick<Recipe, 'nodes'>): string {
  return `the recipe wants ${nodes} nodes, and this is one machine: --on slurm, or --nodes 1`;
}

function clusterHardware(recipe: Recipe, cluster: Cluster): Hardware {
  const { gpus_per_node, gpu_type = null, gpu_memory_gb } = cluster;
  const problem =
    recipe.gpus > gpus_per_node
      ? `the recipe wants ${recipe.gpus} GPUs a node and the cluster file says ${gpus_per_node}: --gpus ${gpus_per_node || 'N'} --nodes N, or correct gpus_per_node`
      : null;
  return {
    machine: { gpu: gpu_type },
    memory: gpu_memory_gb === undefined ? null : gpu_memory_gb * 1e9,
    finding: finding({ problems: problem === null ? [] : [problem] }),
  };
}
