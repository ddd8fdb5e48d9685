import { UsageError } from '../../errors.ts';
import type { ServerPlan, ServerRequest } from './plan.ts';

const SLOTS = 4;

/** llama.cpp's `llama-server`. @throws UsageError for what it cannot serve */
export function planLlamacpp(request: ServerRequest): ServerPlan {
  const { model, adapter, name, program, host, port, tensorParallel, contextLength, hasGpu } =
    request;
  if (model.kind !== 'gguf')
    throw new UsageError(
      `${model.source}: llama.cpp wants a .gguf file; convert_hf_to_gguf.py of llama.cpp makes one`,
    );
  if (tensorParallel > 1)
    throw new UsageError(
      `--tensor-parallel ${tensorParallel}: llama.cpp spreads over all GPUs by itself; leave it out`,
    );
  if (adapter !== null && adapter.gguf === null)
    throw new UsageError(
      `--adapter ${adapter.folder}: llama.cpp wants it as .gguf; convert_lora_to_gguf.py of llama.cpp makes one there`,
    );
  // The context is shared out among the slots.
  const context =
    contextLength === null
      ? []
      : ['--ctx-size', String(contextLength * SLOTS), '--parallel', String(SLOTS)];
  return {
    argv: [
      program,
      '--model',
      model.source,
      '--alias',
      name,
      '--host',
      host,
      '--port',
      port,
      // The model's own chat template, tools included.
      '--jinja',
      ...context,
      ...(hasGpu ? ['--n-gpu-layers', '999'] : []),
      ...(adapter?.gguf ? ['--lora', adapter.gguf] : []),
    ],
    env: {},
    model: name,
    structuredOutput: 'json_schema',
    concurrency: { first: 1, highest: SLOTS },
    notes:
      contextLength === null
        ? ['the context is what the GGUF file says, shared among requests; --max-model-len sets it']
        : [],
  };
}
