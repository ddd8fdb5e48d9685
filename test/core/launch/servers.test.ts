import { describe, expect, it } from 'vitest';
import type { Adapter } from '../../../core/launch/adapter.ts';
import { bashCommand } from '../../../core/launch/bash-words.ts';
import type { ServedModel } from '../../../core/launch/served-model.ts';
import { SERVERS, ServerKind } from '../../../core/launch/servers/kinds.ts';
import type { ServerRequest } from '../../../core/launch/servers/plan.ts';

const folder: ServedModel = {
  source: '/models/synthesizer',
  kind: 'folder',
  family: 'qwen3',
  contextLength: 40_960,
  weightBytes: 16.4e9,
  keyValueHeads: 8,
};
const hub: ServedModel = { ...folder, source: 'Qwen/Qwen3-32B', kind: 'hub' };
const llama: ServedModel = { ...folder, source: '/models/llama', family: 'llama' };
const gguf: ServedModel = { ...folder, source: '/models/m.gguf', kind: 'gguf', family: null };
const adapter: Adapter = {
  folder: '/models/lora',
  rank: 24,
  base: null,
  gguf: '/models/lora/a.gguf',
};
const request: ServerRequest = {
  model: folder,
  adapter: null,
  name: 'synthesizer',
  program: 'PROGRAM',
  host: '127.0.0.1',
  port: '8000',
  tensorParallel: 1,
  contextLength: 40_960,
  hasGpu: true,
};

const CASES: Record<string, Partial<ServerRequest>> = {
  folder: {},
  'hub name on two GPUs, on a node': {
    model: hub,
    tensorParallel: 2,
    host: '0.0.0.0',
    port: { bash: '"$PORT"' },
  },
  'adapter of rank 24': { adapter },
  'another family, no context known, no GPU': { model: llama, contextLength: null, hasGpu: false },
  'GGUF file': { model: gguf },
  'GGUF file with an adapter, no context known, no GPU': {
    model: gguf,
    adapter,
    contextLength: null,
    hasGpu: false,
  },
};

describe.each(ServerKind.options)('%s', (kind) => {
  it('is started and asked as in its file', async () => {
    const text = Object.entries(CASES).map(([name, over]) => {
      try {
        const { argv, env, model, notes } = SERVERS[kind].plan({ ...request, ...over });
        const settings = Object.entries(env).map(([key, value]) => `${key}=${value} `);
        const said = notes.map((note) => `note: ${note}\n`).join('');
        return `# ${name}\n${settings.join('')}${bashCommand(argv)}\nmodel: ${model}\n${said}`;
      } catch (error) {
        return `# ${name}\n${error}\n`;
      }
    });
    await expect(text.join('\n')).toMatchFileSnapshot(`fixtures/servers/${kind}.txt`);
  });
});

describe('what a server cannot do', () => {
  it.each([
    ['vllm', { adapter: { ...adapter, rank: 1000 } }, /rank is 1000, and vLLM takes 512 at most/],
    ['transformers', { tensorParallel: 2 }, /--tensor-parallel 2: transformers serve has no/],
    ['llamacpp', { model: gguf, tensorParallel: 2 }, /llama.cpp spreads over all GPUs by itself/],
    [
      'llamacpp',
      { model: gguf, adapter: { ...adapter, gguf: null } },
      /llama.cpp wants it as .gguf/,
    ],
  ] as const)('%s refuses %j', (kind, over, message) => {
    expect(() => SERVERS[kind].plan({ ...request, ...over })).toThrow(message);
  });
});
