import type { Endpoint } from '../../llm/endpoint.ts';
import type { Adapter } from '../adapter.ts';
import type { BashWord } from '../bash-words.ts';
import type { ServedModel } from '../served-model.ts';

/** What a server is to do; everything in it is decided. */
export interface ServerRequest {
  model: ServedModel;
  adapter: Adapter | null;
  /** The name for a model that has no name of its own. */
  name: string;
  program: string;
  host: string;
  /** On a cluster the node chooses it. */
  port: BashWord;
  tensorParallel: number;
  /** Tokens; null leaves it to the server. */
  contextLength: number | null;
  hasGpu: boolean;
}

/** How a server is started, and how it is spoken to. */
export interface ServerPlan {
  argv: BashWord[];
  env: Record<string, string>;
  /** The model's name in requests. */
  model: string;
  structuredOutput: Endpoint['structured_output'];
  /** Requests at a time that make sense. */
  concurrency: Endpoint['concurrency'];
  /** What the user should know. */
  notes: string[];
}

/** Answers 200 once the model can be asked; the same for all of them. */
export const HEALTH_PATH = '/health';

/** The families whose tool calls stand in `<tool_call>` tags as JSON. */
const HERMES_FAMILIES = new Set(['qwen2', 'qwen2_moe', 'qwen3', 'qwen3_moe']);

export function writesHermesCalls({ family }: ServedModel): boolean {
  return family !== null && HERMES_FAMILIES.has(family);
}

export function noToolParser({ family, source }: ServedModel): string {
  return `how ${family ?? source} writes tool calls is not known here, so the server returns them as text; --server-arg sets a parser`;
}

/** A model in a folder is never looked for on the hub. */
export function offlineFor({ kind }: ServedModel): Record<string, string> {
  return kind === 'hub' ? {} : { HF_HUB_OFFLINE: '1' };
}
