import { UsageError } from '../../errors.ts';
import {
  noToolParser,
  offlineFor,
  type ServerPlan,
  type ServerRequest,
  writesHermesCalls,
} from './plan.ts';

/**
 * What vLLM and SGLang have in common: `base` is the name that the model without an adapter is asked by, `calls`
 * whether its tool calls are read by the Hermes parser.
 * @throws UsageError for a GGUF file
 */
export function gpuServer(
  { model, name }: ServerRequest,
  title: string,
): Omit<ServerPlan, 'argv' | 'model'> & { base: string; calls: boolean } {
  if (model.kind === 'gguf')
    throw new UsageError(
      `${model.source}: ${title} wants a folder with safetensors; use --with llamacpp`,
    );
  const calls = writesHermesCalls(model);
  return {
    base: model.kind === 'hub' ? model.source : name,
    calls,
    env: offlineFor(model),
    structuredOutput: 'json_schema',
    concurrency: { first: 32, highest: 512 },
    notes: calls ? [] : [noToolParser(model)],
  };
}
