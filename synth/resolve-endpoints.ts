import { UsageError } from '../core/errors.ts';
import type { NamedEndpoint } from '../core/llm/endpoint.ts';
import { endpointByName, environmentEndpoint, loadEndpoints } from '../core/llm/endpoints-file.ts';
import { withKnownModel } from '../core/llm/server-models.ts';
import { StageName } from '../core/trajectory.ts';
import { activeStages, type SynthConfig } from './config.ts';

export interface EndpointChoice {
  /** --endpoints: the file. */
  file?: string | undefined;
  /** --stage-endpoint STAGE=NAME, as given. */
  stageEndpoints: readonly string[];
  /** The running offline teacher, which then answers every stage; but not for a synthesizer's endpoint that is named. */
  offline?: NamedEndpoint | undefined;
  /** The run's own servers: the run's endpoint, where none is named. */
  served?: NamedEndpoint | undefined;
}

/** Three lines for someone who gave none. */
export const NO_ENDPOINT = `no endpoint is given. Three ways to give one:
  --endpoint NAME    an entry of configs/endpoints.yaml (vLLM, SGLang, llama.cpp, Ollama, OpenAI, GLM; add your own)
  OPENAI_BASE_URL=http://localhost:8000/v1 [OPENAI_API_KEY=...] [OPENAI_MODEL=...] in the environment, or --offline to try it without a model`;

/**
 * The endpoint of each stage: the offline teacher, else the stage's own (flag, then config), else the run's, else the
 * environment's. Repair is the generator's work unless it has an endpoint of its own; stages that are off get the
 * generator's too, which is then never asked. With method synthesizer the run's endpoint is the synthesizer's alone,
 * and the offline teacher or the environment's endpoint does what no name is given for.
 * @throws UsageError for unknown names and where no endpoint is given
 */
export async function resolveEndpoints(
  config: SynthConfig,
  choice: EndpointChoice,
): Promise<Record<StageName, NamedEndpoint>> {
  const { offline, served } = choice;
  if (served !== undefined) requireOne(config, offline, served);
  const names = stageNames(
    { ...config, endpoint: config.endpoint ?? served?.name },
    choice.stageEndpoints,
  );
  const isPipeline = config.method === 'pipeline';
  if (offline !== undefined && isPipeline) return forEachStage(() => offline);
  const known = await loadEndpoints(choice.file);
  const fallback = offline ?? (await fallbackEndpoint(config, names));
  const active = activeStages(config);
  return forEachStage((stage) => {
    const name = names[active.includes(stage) ? stage : isPipeline ? 'generate' : 'synthesize'];
    const isFallback = name === undefined || name === offline?.name;
    if (served !== undefined && name === served.name) return served;
    const endpoint = isFallback ? fallback : endpointByName(known, name);
    if (endpoint === undefined)
      throw new UsageError(isPipeline ? NO_ENDPOINT : withoutEndpoint(stage));
    return endpoint;
  });
}

/** A server that nobody asks would only cost. */
function requireOne(
  { endpoint, method }: SynthConfig,
  offline: NamedEndpoint | undefined,
  { name }: NamedEndpoint,
): void {
  if (offline !== undefined && method === 'pipeline')
    throw new UsageError('--offline asks no server, and --serve starts one: give one of them');
  if (endpoint === undefined || endpoint === name) return;
  throw new UsageError(
    `--endpoint ${endpoint}: with --serve the run's endpoint is ${name}; --stage-endpoint STAGE=${endpoint} is for single stages`,
  );
}

function withoutEndpoint(stage: StageName): string {
  if (stage === 'synthesize') return `--method synthesizer: ${NO_ENDPOINT}`;
  const without = stage === 'judge' ? ', or --no-judge to do without' : '';
  return `stage ${stage} has no endpoint: with --method synthesizer, --endpoint names the synthesizer, which does nothing else; add --stage-endpoint ${stage}=NAME, or --offline${without}`;
}

function stageNames(
  config: SynthConfig,
  flags: readonly string[],
): Record<StageName, string | undefined> {
  const names = forEachStage(
    (stage): string | undefined =>
      config.stages[stage].endpoint ??
      (config.method === 'pipeline' || stage === 'synthesize' ? config.endpoint : undefined),
  );
  let hasOwnRepair = config.stages.repair.endpoint !== undefined;
  for (const flag of flags) {
    const [stage, name] = flag.split('=', 2);
    const known = StageName.safeParse(stage);
    if (!known.success || !name) {
      throw new UsageError(
        `--stage-endpoint ${flag}: write STAGE=NAME, with STAGE one of ${StageName.options.join(', ')}`,
      );
    }
    names[known.data] = name;
    if (known.data === 'repair') hasOwnRepair = true;
  }
  if (!hasOwnRepair) names.repair = names.generate;
  return names;
}

/** The environment is asked only where a stage has no name. */
async function fallbackEndpoint(
  config: SynthConfig,
  names: Record<StageName, string | undefined>,
): Promise<NamedEndpoint | undefined> {
  if (activeStages(config).every((stage) => names[stage] !== undefined)) return undefined;
  const endpoint = environmentEndpoint();
  return endpoint === undefined ? undefined : withKnownModel(endpoint);
}

function forEachStage<T>(make: (stage: StageName) => T): Record<StageName, T> {
  return {
    filter: make('filter'),
    extract: make('extract'),
    generate: make('generate'),
    refine: make('refine'),
    synthesize: make('synthesize'),
    judge: make('judge'),
    repair: make('repair'),
  };
}
