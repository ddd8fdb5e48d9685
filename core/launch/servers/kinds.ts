import { z } from 'zod';
import { planLlamacpp } from './llamacpp.ts';
import type { ServerPlan, ServerRequest } from './plan.ts';
import { planSglang } from './sglang.ts';
import { planTransformers } from './transformers.ts';
import { planVllm } from './vllm.ts';

export const ServerKind = z.enum(['vllm', 'sglang', 'transformers', 'llamacpp']);
export type ServerKind = z.infer<typeof ServerKind>;

/** What differs between the servers. */
export interface ServerType {
  title: string;
  program: string;
  /** The project's own Python environment that has it. */
  environment: string | null;
  /** How a user gets it. */
  install: string;
  defaultPort: number;
  /** Whether it loads a LoRA adapter beside the model; otherwise a merged copy is served. */
  takesAdapters: boolean;
  plan(request: ServerRequest): ServerPlan;
}

export const SERVERS: Readonly<Record<ServerKind, ServerType>> = {
  vllm: {
    title: 'vLLM',
    program: 'vllm',
    environment: null,
    install: 'pip install vllm in an environment of your own (a GPU is needed)',
    defaultPort: 8000,
    takesAdapters: true,
    plan: planVllm,
  },
  sglang: {
    title: 'SGLang',
    program: 'sglang',
    environment: null,
    install: 'pip install "sglang[all]" in an environment of your own (a GPU is needed)',
    defaultPort: 30_000,
    takesAdapters: true,
    plan: planSglang,
  },
  transformers: {
    title: 'transformers serve',
    program: 'transformers',
    environment: 'serve',
    install: 'run scripts/python-env serve, or pip install "transformers[serving]"',
    defaultPort: 8000,
    takesAdapters: false,
    plan: planTransformers,
  },
  llamacpp: {
    title: 'llama.cpp',
    program: 'llama-server',
    environment: null,
    install: 'install llama.cpp (its releases hold llama-server) and put it on PATH',
    defaultPort: 8080,
    takesAdapters: true,
    plan: planLlamacpp,
  },
};
