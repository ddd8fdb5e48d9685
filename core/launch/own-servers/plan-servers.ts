import { UsageError } from '../../errors.ts';
import { Endpoint, type NamedEndpoint } from '../../llm/endpoint.ts';
import { readAdapter } from '../adapter.ts';
import { localGpus } from '../gpus.ts';
import { requireFreePort } from '../ports.ts';
import { readServedModel, type ServedModel } from '../served-model.ts';
import { endpointEntry } from '../server-endpoint.ts';
import { findServerProgram } from '../server-program.ts';
import { SERVERS } from '../servers/kinds.ts';
import type { ServerPlan, ServerRequest } from '../servers/plan.ts';
import { chooseTensorParallel } from '../tensor-parallel.ts';
import type { NamedServeConfig } from './serve-config.ts';

/** One of a run's own servers, decided as a whole. */
export interface PlannedServer {
  plan: ServerPlan;
  port: number;
}

/** A run's own servers are reached from their own node alone. */
export const OWN_HOST = '127.0.0.1';

/**
 * Plans the servers that a run starts on this machine: as many side by side as its GPUs hold, each on GPUs of its own.
 * @throws UsageError for what is missing or does not fit
 */
export async function planServers(config: NamedServeConfig): Promise<PlannedServer[]> {
  const type = SERVERS[config.with];
  const gpus = await visibleGpus();
  const request = await requestOf(config, gpus);
  const program = await findServerProgram(type, config.env);
  const { tensorParallel } = request;
  const count = replicasOf(config, gpus, tensorParallel);
  const servers: PlannedServer[] = [];
  for (let at = 0; at < count; at += 1) {
    const port = await requireFreePort(0, OWN_HOST);
    const plan = type.plan({ ...request, program, port: String(port) });
    const own = gpus.slice(at * tensorParallel, (at + 1) * tensorParallel);
    const env = own.length === 0 ? {} : { CUDA_VISIBLE_DEVICES: own.map(({ id }) => id).join(',') };
    servers.push({
      plan: { ...plan, argv: [...plan.argv, ...config.server_args], env: { ...plan.env, ...env } },
      port,
    });
  }
  return servers;
}

/**
 * How the servers will be spoken to, before any of them runs: what a run's settings depend on.
 * @param roots `http://HOST:PORT` each
 * @throws UsageError for a model or an adapter that is not there
 */
export async function servedEndpoint(
  config: NamedServeConfig,
  roots: readonly string[] = ['http://127.0.0.1'],
): Promise<NamedEndpoint> {
  const request = await requestOf(config, []);
  const plan = SERVERS[config.with].plan(request);
  const entry = {
    ...endpointEntry('', plan, request),
    base_url: roots.map((root) => `${root}/v1`),
  };
  return { ...Endpoint.parse(entry), name: config.name };
}

async function requestOf(
  config: NamedServeConfig,
  gpus: readonly Gpu[],
): Promise<ServerRequest & { program: string }> {
  const type = SERVERS[config.with];
  const model = await readServedModel(config.model);
  const adapter = config.adapter === undefined ? null : await readAdapter(config.adapter);
  if (adapter !== null && !type.takesAdapters)
    throw new UsageError(
      `${config.file}: ${type.title} takes no adapter; merge it first (gem-traj serve does) and give the merged folder as model`,
    );
  return {
    model,
    adapter,
    name: config.name,
    program: type.program,
    host: OWN_HOST,
    port: '0',
    tensorParallel: tensorParallelOf(config, model, gpus),
    contextLength: contextOf(config, model),
    hasGpu: gpus.length > 0,
  };
}

function tensorParallelOf(
  { with: kind, tensor_parallel: given }: NamedServeConfig,
  model: ServedModel,
  gpus: readonly Gpu[],
): number {
  if (kind !== 'vllm' && kind !== 'sglang') return given ?? 1;
  const known = gpus.flatMap(({ gigabytes }) => gigabytes ?? []);
  const smallest = known.length === 0 ? USUAL_GPU_GB : Math.min(...known);
  return chooseTensorParallel(model, smallest, gpus.length || null, given).tensorParallel;
}

/** An A100's or H100's, where nobody knows better. */
const USUAL_GPU_GB = 80;

function contextOf(
  { file, max_model_len: wished }: NamedServeConfig,
  { contextLength, source }: ServedModel,
): number | null {
  if (wished !== undefined && contextLength !== null && wished > contextLength)
    throw new UsageError(
      `${file}: max_model_len ${wished}: ${source} reads ${contextLength} tokens at most`,
    );
  return wished ?? contextLength;
}

function replicasOf(
  { file, replicas }: NamedServeConfig,
  gpus: readonly Gpu[],
  tensorParallel: number,
): number {
  const most = Math.floor(gpus.length / tensorParallel);
  if (replicas === undefined) return Math.max(1, most);
  if (gpus.length === 0 || replicas <= most) return replicas;
  throw new UsageError(
    `${file}: ${replicas} replicas on ${tensorParallel} GPUs each want ${replicas * tensorParallel}, and there are ${gpus.length}`,
  );
}

interface Gpu {
  /** As CUDA_VISIBLE_DEVICES names it. */
  id: string;
  gigabytes: number | undefined;
}

/** The GPUs that this process may use: under Slurm those of its job. */
async function visibleGpus(): Promise<Gpu[]> {
  const all = await localGpus();
  const visible = process.env.CUDA_VISIBLE_DEVICES;
  if (visible === undefined) return all.map((gigabytes, id) => ({ id: String(id), gigabytes }));
  const ids = visible.split(',').filter((id) => id.trim() !== '' && id.trim() !== '-1');
  return ids.map((id) => ({ id: id.trim(), gigabytes: all[Number(id)] ?? all[0] }));
}
