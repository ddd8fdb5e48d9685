import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readAdapter } from '../../../core/launch/adapter.ts';
import { readServedModel } from '../../../core/launch/served-model.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { safetensors } from './safetensors.ts';

const CONFIG = {
  model_type: 'qwen3',
  max_position_embeddings: 40_960,
  num_attention_heads: 32,
  num_key_value_heads: 8,
};

async function folderWith(files: Record<string, unknown>): Promise<string> {
  const folder = join(await temporaryFolder(), 'model');
  await mkdir(folder);
  for (const [name, content] of Object.entries(files)) {
    const text = Buffer.isBuffer(content) ? content : JSON.stringify(content);
    await writeFile(join(folder, name), text);
  }
  return folder;
}

describe('a model to serve', () => {
  it('is a folder, described by its config.json', async () => {
    const weights = safetensors(100);
    const folder = await folderWith({
      'config.json': CONFIG,
      'tokenizer.json': {},
      'model.safetensors': weights,
    });
    expect(await readServedModel(folder)).toEqual({
      source: folder,
      kind: 'folder',
      family: 'qwen3',
      contextLength: 40_960,
      weightBytes: weights.length,
      keyValueHeads: 8,
    });
  });

  it('is a GGUF file, or the only one of a folder', async () => {
    const folder = await folderWith({ 'a.gguf': Buffer.from('GGUF') });
    const wanted = { kind: 'gguf', source: join(folder, 'a.gguf'), weightBytes: 4 };
    expect(await readServedModel(folder)).toMatchObject(wanted);
    expect(await readServedModel(join(folder, 'a.gguf'))).toMatchObject(wanted);
  });

  it('is a hub name, whose size is known for Qwen3', async () => {
    expect(await readServedModel('Qwen/Qwen3-8B')).toMatchObject({
      kind: 'hub',
      family: 'qwen3',
      contextLength: 40_960,
      weightBytes: 16e9,
    });
    expect(await readServedModel('someone/other-model')).toMatchObject({
      kind: 'hub',
      family: null,
      contextLength: null,
    });
  });

  it.each([
    ['nothing', {}, /is no model: it has no config.json/],
    [
      'an adapter',
      { 'adapter_config.json': {} },
      /is an adapter; serve its base model with --adapter /,
    ],
    ['two GGUF files', { 'a.gguf': 1, 'b.gguf': 1 }, /holds 2 .gguf files; name one of them/],
    ['a cut configuration', { 'config.json': Buffer.from('{"model_ty') }, /cannot be read as JSON/],
    ['no weights', { 'config.json': CONFIG }, /cannot be used: it holds no weights/],
    [
      'torn weights',
      { 'config.json': CONFIG, 'model.safetensors': safetensors(100).subarray(0, 150) },
      /model.safetensors has 150 bytes, and its header speaks of \d+; a save that was cut short/,
    ],
    [
      'no tokenizer',
      { 'config.json': CONFIG, 'model.safetensors': safetensors(1) },
      /has no tokenizer/,
    ],
  ])('is refused with %s', async (_what, files, message) => {
    await expect(readServedModel(await folderWith(files))).rejects.toThrow(message);
  });

  it('among checkpoints is to be named', async () => {
    const folder = await folderWith({ 'checkpoint-90': 1, 'checkpoint-100': 1 });
    await expect(readServedModel(folder)).rejects.toThrow(/such as \S+\/checkpoint-100$/);
  });

  it('that is not there is no hub name when its first folder is', async () => {
    await expect(readServedModel('core/nothing')).rejects.toThrow(
      /core\/nothing: there is no such folder/,
    );
    await expect(readServedModel('nothing')).rejects.toThrow(/it is no hub name \(OWNER\/NAME\)/);
  });
});

describe('an adapter', () => {
  it('is described by its adapter_config.json', async () => {
    const folder = await folderWith({
      'adapter_config.json': { peft_type: 'LORA', r: 16, base_model_name_or_path: 'Qwen/Qwen3-8B' },
      'adapter_model.safetensors': safetensors(10),
    });
    expect(await readAdapter(folder)).toEqual({
      folder,
      rank: 16,
      base: 'Qwen/Qwen3-8B',
      gguf: null,
    });
  });

  it.each([
    ['nothing', {}, /there is no adapter_config.json/],
    ['another kind', { 'adapter_config.json': { peft_type: 'IA3', r: 1 } }, /only LoRA adapters/],
    ['no weights', { 'adapter_config.json': { peft_type: 'LORA', r: 1 } }, /holds no weights/],
  ])('is refused with %s', async (_what, files, message) => {
    await expect(readAdapter(await folderWith(files))).rejects.toThrow(message);
  });
});
