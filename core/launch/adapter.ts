import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { readJson } from './served-model.ts';
import { requireWholeWeights } from './weights.ts';

/** A LoRA adapter, as peft saves it, or one in llama.cpp's format. */
export interface Adapter {
  /** Absolute. */
  folder: string;
  rank: number;
  /** What it was trained on, as it says itself. */
  base: string | null;
  /** The adapter in llama.cpp's format, where the folder has one. */
  gguf: string | null;
}

const AdapterConfig = z.object({
  peft_type: z.string(),
  r: z.number().int().positive(),
  base_model_name_or_path: z.string().nullish(),
});

/** @throws UsageError when the folder holds no whole LoRA adapter */
export async function readAdapter(folder: string): Promise<Adapter> {
  const path = join(folder, 'adapter_config.json');
  if (!existsSync(path))
    throw new UsageError(`--adapter ${folder}: there is no adapter_config.json, which peft writes`);
  const config = AdapterConfig.safeParse(await readJson(path));
  if (!config.success || config.data.peft_type !== 'LORA')
    throw new UsageError(
      `--adapter ${folder}: only LoRA adapters can be served; merge others first`,
    );
  await requireWholeWeights(folder);
  const gguf = (await readdir(folder)).find((file) => file.endsWith('.gguf'));
  return {
    folder: resolve(folder),
    rank: config.data.r,
    base: config.data.base_model_name_or_path ?? null,
    gguf: gguf === undefined ? null : join(resolve(folder), gguf),
  };
}
