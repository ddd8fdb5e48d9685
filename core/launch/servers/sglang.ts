import { gpuServer } from './gpu-server.ts';
import type { ServerPlan, ServerRequest } from './plan.ts';

/** `sglang serve`; flags checked against SGLang 0.5.23. @throws UsageError for what it cannot serve */
export function planSglang(request: ServerRequest): ServerPlan {
  const { model, adapter, name, program, host, port, tensorParallel, contextLength } = request;
  const { base, calls, ...shared } = gpuServer(request, 'SGLang');
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
    ...shared,
    // The form in which SGLang is asked for an adapter.
    model: adapter === null ? base : `${base}:${name}`,
  };
}
