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
  /** The running offline teacher, which then answers every stage. */
  offline?: NamedEndpoint | undefined;
}

/** Three lines for someone who gave none. */
export const NO_ENDPOINT = `no endpoint is given. Three ways to give one:
  --endpoint NAME    an entry of configs/endpoints.yaml (vLLM, SGLang, llama.cpp, Ollama, OpenAI, GLM; add your own)
  OPENAI_BASE_URL=http://localhost:8000/v1 [OPENAI_API_KEY=...] [OPENAI_MODEL=...] in the environment, or --offline to try it without a model`;

/**
 * The endpoint of each stage: the offline teacher, else the stage's own (flag, then config), else the run's, else the
 * environment's. Repair is the generator's work unless it has an endpoint of its own; stages that are off get the
 * generator's too, which is then never asked.
 * @throws UsageError for unknown names and where no endpoint is given
 */
export async function resolveEndpoints(
  config: SynthConfig,
  choice: EndpointChoice,
): Promise<Record<StageName, NamedEndpoint>> {
  const names = stageNames(config, choice.stageEndpoints);
  const { offline } = choice;
  if (offline !== undefined) return forEachStage(() => offline);
  const known = await loadEndpoints(choice.file);
  const fallback = await fallbackEndpoint(config, names);
  const active = activeStages(config);
  return forEachStage((stage) => {
    const name = names[active.includes(stage) ? stage : 'generate'];
    const endpoint = name === undefined ? fallback : endpointByName(known, name);
    if (endpoint === undefined) throw new UsageError(NO_ENDPOINT);
    return endpoint;
  });
}

function stageNames(
  config: SynthConfig,
  flags: readonly string[],
): Record<StageName, string | undefined> {
  const names = forEachStage(
    (stage): string | undefined => config.stages[stage].endpoint ?? config.endpoint,
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
    judge: make('judge'),
    repair: make('repair'),
  };
}
