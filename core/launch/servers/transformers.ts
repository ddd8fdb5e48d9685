import { UsageError } from '../../errors.ts';
import { offlineFor, type ServerPlan, type ServerRequest } from './plan.ts';

/**
 * `transformers serve`, of transformers 5.23: slow, and it runs on a CPU.
 * @throws UsageError for what it cannot serve; an adapter has to be merged before
 */
export function planTransformers(request: ServerRequest): ServerPlan {
  const { model, adapter, program, host, port, tensorParallel, hasGpu } = request;
  if (model.kind === 'gguf')
    throw new UsageError(`${model.source}: use --with llamacpp for a GGUF file`);
  if (tensorParallel > 1)
    throw new UsageError(
      `--tensor-parallel ${tensorParallel}: transformers serve has no tensor parallel; use --with vllm`,
    );
  if (adapter !== null) throw new Error('an adapter is merged before transformers serve starts');
  const device = hasGpu ? [] : ['--device', 'cpu'];
  return {
    argv: [program, 'serve', model.source, ...device, '--host', host, '--port', port],
    env: offlineFor(model),
    // It answers to the name it was started with and to no other.
    model: model.source,
    structuredOutput: 'none',
    concurrency: { first: 1, highest: 4 },
    notes: ['transformers serve ignores a wanted answer format and takes one request at a time'],
  };
}
