import { existsSync, statSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { requireWholeWeights } from './weights.ts';

/** A model that is to be served, and what is known of it. */
export interface ServedModel {
  /** What a server is told: an absolute path, or a name on the hub. */
  source: string;
  kind: 'folder' | 'hub' | 'gguf';
  /** The architecture as config.json names it (`qwen3`). */
  family: string | null;
  /** Tokens. */
  contextLength: number | null;
  weightBytes: number | null;
  /** Tensor parallel splits these; null when unknown. */
  keyValueHeads: number | null;
}

/**
 * Finds out what is served: a folder in Hugging Face's layout, a GGUF file (or a folder with one), else a hub name.
 * @throws UsageError when there is nothing, or nothing whole
 */
export async function readServedModel(given: string): Promise<ServedModel> {
  if (!existsSync(given)) return hubModel(given);
  if (!statSync(given).isDirectory()) return ggufFile(given);
  const files = await readdir(given);
  if (files.includes('config.json')) return folderModel(given, files);
  const ggufs = files.filter((file) => file.endsWith('.gguf'));
  if (ggufs[0] !== undefined && ggufs.length === 1) return ggufFile(join(given, ggufs[0]));
  throw new UsageError(`${given} is no model: ${whatElse(given, files, ggufs)}`);
}

const Config = z.object({
  model_type: z.string(),
  max_position_embeddings: z.number().int().positive().optional(),
  num_attention_heads: z.number().int().positive().optional(),
  num_key_value_heads: z.number().int().positive().optional(),
});

async function folderModel(folder: string, files: readonly string[]): Promise<ServedModel> {
  const config = Config.safeParse(await readJson(join(folder, 'config.json')));
  if (!config.success)
    throw new UsageError(
      `${folder}/config.json is not a model's configuration: it has no model_type`,
    );
  const weightBytes = await requireWholeWeights(folder);
  if (!files.some((file) => /^(tokenizer\.(json|model)|vocab\.json)$/.test(file)))
    throw new UsageError(
      `${folder} has no tokenizer (tokenizer.json): copy it from the base model`,
    );
  const { model_type, max_position_embeddings, num_key_value_heads, num_attention_heads } =
    config.data;
  return {
    source: resolve(folder),
    kind: 'folder',
    family: model_type,
    contextLength: max_position_embeddings ?? null,
    weightBytes,
    keyValueHeads: num_key_value_heads ?? num_attention_heads ?? null,
  };
}

function ggufFile(path: string): ServedModel {
  if (!path.endsWith('.gguf'))
    throw new UsageError(`${path} is a file; give a model's folder, a .gguf file or a hub name`);
  return {
    source: resolve(path),
    kind: 'gguf',
    family: null,
    contextLength: null,
    weightBytes: statSync(path).size,
    keyValueHeads: null,
  };
}

/** A path that is not there looks like a hub name: it is one only where its first part is no folder here. */
function hubModel(given: string): ServedModel {
  const owner = /^([\w-][\w.-]*)\/[\w.-]+$/.exec(given)?.[1];
  if (owner === undefined || existsSync(owner))
    throw new UsageError(`${given}: there is no such folder, and it is no hub name (OWNER/NAME)`);
  const billions = Number(/\/Qwen3-(\d+(?:\.\d+)?)B(?:-|$)/.exec(given)?.[1]);
  const isQwen3 = Number.isFinite(billions);
  return {
    source: given,
    kind: 'hub',
    family: isQwen3 ? 'qwen3' : null,
    // Of the config.json that each of these models has on the hub.
    contextLength: isQwen3 ? 40_960 : null,
    weightBytes: isQwen3 ? billions * 2e9 : null,
    keyValueHeads: isQwen3 ? 8 : null,
  };
}

function whatElse(given: string, files: readonly string[], ggufs: readonly string[]): string {
  if (files.includes('adapter_config.json'))
    return `it is an adapter; serve its base model with --adapter ${given}`;
  if (files.includes('checkpoints') && files.includes('recipe.yaml'))
    return `it is the folder of a training; gem-traj train status ${given} says where its weights are`;
  if (ggufs.length > 1) return `it holds ${ggufs.length} .gguf files; name one of them`;
  const newest = files
    .filter((file) => /^checkpoint-\d+$/.test(file))
    .sort((a, b) => Number(b.slice(11)) - Number(a.slice(11)))[0];
  if (newest !== undefined)
    return `it holds checkpoints; name one of them, such as ${join(given, newest)}`;
  return 'it has no config.json';
}

/** @throws UsageError when it is not JSON */
export async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, 'utf8'));
  } catch (cause) {
    throw new UsageError(`${path} cannot be read as JSON: it may have been cut off`, { cause });
  }
}
