import { UsageError } from '../../errors.ts';
import {
  noToolParser,
  offlineFor,
  type ServerPlan,
  type ServerRequest,
  writesHermesCalls,
} from './plan.ts';

/** `sglang serve`; flags checked against SGLang 0.5.23. @throws UsageError for what it cannot serve */
export function planSglang(request: ServerRequest): ServerPlan {
  const { model, adapter, name, program, host, port, tensorParallel, contextLength } = request;
  if (model.kind === 'gguf')
    throw new UsageError(
      `${model.source}: give SGLang a folder with safetensors, or use --with llamacpp`,
    );
  const base = model.kind === 'hub' ? model.source : name;
  const calls = writesHermesCalls(model);
  return {
    argv: [
      program,
      'serve',
      '--model-path',
      model.source,
      '--host',
      host,
      '--port',
      port,
      '--served-model-name',
      base,
      '--tp-size',
      String(tensorParallel),
      ...(contextLength === null ? [] : ['--context-length', String(contextLength)]),
      ...(calls ? ['--tool-call-parser', 'hermes'] : []),
      ...(adapter === null ? [] : ['--enable-lora', '--lora-paths', `${name}=${adapter.folder}`]),
    ],
    env: offlineFor(model),
    // The form in which SGLang is asked for an adapter.
    model: adapter === null ? base : `${base}:${name}`,
    structuredOutput: 'json_schema',
    concurrency: { first: 32, highest: 512 },
    notes: calls ? [] : [noToolParser(model)],
  };
}
