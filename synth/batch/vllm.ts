import type { NamedEndpoint } from '../../core/llm/endpoint.ts';

/** How `vllm run-batch` is to be called. */
export interface VllmOptions {
  program: string;
  /** The model's folder or hub name; the endpoint's model, under which the requests ask for it, unless given. */
  model?: string | undefined;
  /** GPUs that share the model. */
  gpus: number;
  /** More of its flags. */
  more: readonly string[];
}

/** `vllm run-batch` over a file of requests, without a server; flags checked against vLLM 0.33. */
export function vllmArgv(
  { program, model, gpus, more }: VllmOptions,
  endpoint: NamedEndpoint,
  files: { input: string; output: string },
): string[] {
  const own = model === undefined || model === endpoint.model;
  return [
    program,
    'run-batch',
    '-i',
    files.input,
    '-o',
    files.output,
    '--model',
    model ?? endpoint.model,
    ...(own ? [] : ['--served-model-name', endpoint.model]),
    ...(endpoint.context_length === undefined
      ? []
      : ['--max-model-len', String(endpoint.context_length)]),
    ...(gpus > 1 ? ['--tensor-parallel-size', String(gpus)] : []),
    // How much of each prompt was in the prefix cache.
    '--enable-prompt-tokens-details',
    ...more,
  ];
}
