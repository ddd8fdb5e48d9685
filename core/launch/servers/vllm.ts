import { UsageError } from '../../errors.ts';
import { gpuServer } from './gpu-server.ts';
import type { ServerPlan, ServerRequest } from './plan.ts';

/** `vllm serve`; flags checked against vLLM 0.33. @throws UsageError for what it cannot serve */
export function planVllm(request: ServerRequest): ServerPlan {
  const { model, adapter, name, program, host, port, tensorParallel, contextLength } = request;
  const { base, calls, ...shared } = gpuServer(request, 'vLLM');
  const baseName = adapter === null ? base : `${base}-base`;
  return {
    argv: [
      program,
      'serve',
      model.source,
      '--host',
      host,
      '--port',
      port,
      '--served-model-name',
      baseName,
      '--tensor-parallel-size',
      String(tensorParallel),
      ...(contextLength === null ? [] : ['--max-model-len', String(contextLength)]),
      // The parser called qwen3 reads the XML form of other models.
      ...(calls ? ['--enable-auto-tool-choice', '--tool-call-parser', 'hermes'] : []),
      ...(adapter === null
        ? []
        : [
            '--enable-lora',
            '--lora-modules',
            `${name}=${adapter.folder}`,
            '--max-lora-rank',
            String(allowedRank(adapter.rank)),
          ]),
    ],
    ...shared,
    model: adapter === null ? base : name,
  };
}

/** vLLM takes these only; the next above costs a little memory. */
const RANKS = [1, 8, 16, 32, 64, 128, 256, 320, 512];

function allowedRank(rank: number): number {
  const allowed = RANKS.find((candidate) => candidate >= rank);
  if (allowed !== undefined) return allowed;
  throw new UsageError(`the adapter's rank is ${rank}, and vLLM takes 512 at most; merge it first`);
}
