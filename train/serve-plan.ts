import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { type Adapter, readAdapter } from '../core/launch/adapter.ts';
import { type NamedCluster, readCluster } from '../core/launch/cluster.ts';
import { localGpus } from '../core/launch/gpus.ts';
import { mergedCopy } from '../core/launch/merge-adapter.ts';
import { requireFreePort } from '../core/launch/ports.ts';
import { readServedModel, type ServedModel } from '../core/launch/served-model.ts';
import { findServerProgram } from '../core/launch/server-program.ts';
import { SERVERS, type ServerKind, type ServerType } from '../core/launch/servers/kinds.ts';
import { NODE_PORT } from '../core/launch/slurm-server.ts';
import { chooseTensorParallel } from '../core/launch/tensor-parallel.ts';
import { EndpointsFile } from '../core/llm/endpoint.ts';
import { readYaml } from '../core/yaml.ts';
import type { ServeJob } from './serve.ts';

/** What the user asked for; the flags of `gem-traj serve`. */
export interface ServeWish {
  model: string;
  with: ServerKind;
  port: number | undefined;
  host: string | undefined;
  tensorParallel: number | undefined;
  maxModelLen: number | undefined;
  adapter: string | undefined;
  name: string | undefined;
  on: 'local' | 'slurm';
  cluster: string | undefined;
  env: string | undefined;
  save: string | undefined;
  serverArg: readonly string[];
  timeoutS: number;
  detach: boolean;
  dryRun: boolean;
}

/**
 * Decides everything that a server needs, from what the model, the adapter, the GPUs and the cluster say.
 * @throws UsageError for what is missing, torn or does not fit; before anything is started
 */
export async function planServe(wish: ServeWish): Promise<ServeJob> {
  const type = SERVERS[wish.with];
  const name = nameOf(wish);
  const save = resolve(wish.save ?? `served/${name}.yaml`);
  if (existsSync(save)) await readYaml(save, EndpointsFile);
  const cluster = await clusterOf(wish);
  const adapter = wish.adapter === undefined ? null : await readAdapter(wish.adapter);
  const given = await readServedModel(wish.model);
  const contextLength = contextOf(given, wish.maxModelLen);
  const gpus = await gpusOf(wish, type, cluster);
  const { tensorParallel, why } = takesTensorParallel(wish)
    ? chooseTensorParallel(given, gpus.gigabytes, gpus.count, wish.tensorParallel)
    : { tensorParallel: wish.tensorParallel ?? 1, why: null };
  const program = await programOf(wish, type);
  const merged = await withoutAdapter(wish, type, given, adapter, program);
  const host = wish.host ?? (cluster === null ? '127.0.0.1' : '0.0.0.0');
  const port = await portOf(wish, type, host);
  const request = {
    ...merged,
    name,
    program,
    host,
    port: cluster === null ? String(port) : NODE_PORT,
    tensorParallel,
    contextLength,
    hasGpu: gpus.count !== 0,
  };
  const plan = type.plan(request);
  return {
    plan: {
      ...plan,
      argv: [...plan.argv, ...wish.serverArg],
      notes: [
        ...gpus.notes,
        ...otherBase(given, adapter),
        ...(why === null ? [] : [`tensor parallel ${tensorParallel}: ${why}`]),
        ...plan.notes,
      ],
    },
    request,
    name,
    save,
    timeoutMs: wish.timeoutS * 1000,
    port,
    place: cluster === null ? { on: 'local' } : { on: 'slurm', cluster, detach: wish.detach },
  };
}

async function clusterOf({ on, cluster, detach }: ServeWish): Promise<NamedCluster | null> {
  if (on === 'slurm') {
    if (cluster !== undefined) return readCluster(cluster);
    throw new UsageError('--on slurm needs --cluster: a name in configs/clusters, or a file');
  }
  if (cluster !== undefined) throw new UsageError('--cluster is for --on slurm');
  if (detach)
    throw new UsageError('--detach is for --on slurm; here, run it in tmux or with nohup');
  return null;
}

function contextOf(
  { contextLength, source }: ServedModel,
  wished: number | undefined,
): number | null {
  if (wished !== undefined && contextLength !== null && wished > contextLength)
    throw new UsageError(
      `--max-model-len ${wished}: ${source} reads ${contextLength} tokens at most (max_position_embeddings)`,
    );
  return wished ?? contextLength;
}

/** By its last name alone: folders are moved. */
function otherBase({ source }: ServedModel, adapter: Adapter | null): string[] {
  const base = adapter?.base ?? null;
  if (base === null || basename(base) === basename(source)) return [];
  return [`the adapter says that it was trained on ${base}, and it is put on ${source}`];
}

/** The endpoint's name unless given: the model's or the adapter's own, as an endpoints file likes it. */
function nameOf({ name, model, adapter }: ServeWish): string {
  const chosen =
    name ??
    basename(resolve(adapter ?? model))
      .replace(/\.gguf$/, '')
      .toLowerCase();
  if (/^[\w][\w.-]*$/.test(chosen)) return chosen;
  throw new UsageError(
    `--name ${chosen}: letters, digits, dots, dashes and underscores are allowed`,
  );
}

/** An A100's or H100's, where nobody knows better. */
const USUAL_GPU_GB = 80;

interface Gpus {
  gigabytes: number;
  /** null: nobody knows. */
  count: number | null;
  notes: string[];
}

async function gpusOf(
  wish: ServeWish,
  { title }: ServerType,
  cluster: NamedCluster | null,
): Promise<Gpus> {
  if (cluster !== null) {
    const { gpu_memory_gb: gigabytes, gpus_per_node: count } = cluster;
    const notes =
      gigabytes === undefined && count > 0
        ? [`${cluster.file} has no gpu_memory_gb; ${USUAL_GPU_GB} GB are assumed`]
        : [];
    return {
      gigabytes: gigabytes ?? USUAL_GPU_GB,
      count: needsGpu(wish) && count === 0 ? null : count,
      notes,
    };
  }
  const gpus = await localGpus();
  if (gpus.length > 0) return { gigabytes: Math.min(...gpus), count: gpus.length, notes: [] };
  if (!needsGpu(wish)) return { gigabytes: USUAL_GPU_GB, count: 0, notes: [] };
  if (wish.dryRun || wish.tensorParallel !== undefined)
    return {
      gigabytes: USUAL_GPU_GB,
      count: null,
      notes: [`nvidia-smi finds no GPU here; GPUs of ${USUAL_GPU_GB} GB are assumed`],
    };
  throw new UsageError(
    `${title} needs a GPU, and nvidia-smi finds none here: use --with transformers on a CPU, --on slurm, or give --tensor-parallel to start it all the same`,
  );
}

const needsGpu = ({ with: kind }: ServeWish): boolean => kind === 'vllm' || kind === 'sglang';
const takesTensorParallel = needsGpu;

/** On a cluster, and in a dry run, the program's bare name: the cluster file says where it comes from. */
async function programOf(wish: ServeWish, type: ServerType): Promise<string> {
  const isElsewhere = wish.on === 'slurm' || wish.dryRun;
  if (isElsewhere && wish.env === undefined) return type.program;
  return findServerProgram(type, wish.env);
}

/** Where a server takes no adapters, the merged copy stands for both. */
async function withoutAdapter(
  wish: ServeWish,
  type: ServerType,
  model: ServedModel,
  adapter: Adapter | null,
  program: string,
): Promise<{ model: ServedModel; adapter: Adapter | null }> {
  if (adapter === null || type.takesAdapters) return { model, adapter };
  if (model.kind === 'gguf')
    throw new UsageError(
      `${type.title} cannot put an adapter on a GGUF file; give the base model's folder`,
    );
  const merged = `${adapter.folder}-merged`;
  if (wish.dryRun) return { model: { ...model, source: merged, kind: 'folder' }, adapter: null };
  const python = program.replace(/[^/]*$/, 'python');
  return { model: await readServedModel(await mergedCopy(model, adapter, python)), adapter: null };
}

async function portOf(wish: ServeWish, type: ServerType, host: string): Promise<number> {
  if (wish.on === 'slurm') return wish.port ?? 0;
  const port = wish.port ?? type.defaultPort;
  return wish.dryRun ? port : requireFreePort(port, host);
}
