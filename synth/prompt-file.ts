import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { errorCode, UsageError } from '../core/errors.ts';
import { sha256 } from '../core/hash.ts';
import type { AnswerFormat, PromptFunction, Stage } from './stages/stage.ts';

/** A stage's prompt function and the hash that stands for it in fingerprint and provenance. */
export interface LoadedPrompt<Input> {
  prompt: PromptFunction<Input>;
  hash: string;
}

const Prompt = z.object({ system: z.string(), user: z.string() });

/**
 * The prompt of a stage, or a user's replacement of it from a file: `.md` or `.txt` replaces the constant part (the
 * instructions) and leaves the data part; `.mjs` or `.js` exports by default a function (input, format) => {system, user}.
 * @throws UsageError naming the file and what is wrong with it
 */
export async function loadPrompt<Input, Answer>(
  stage: Stage<Input, Answer>,
  format: AnswerFormat,
  file: string | undefined,
): Promise<LoadedPrompt<Input>> {
  if (file === undefined) return { prompt: stage.prompt, hash: promptHash(stage, format) };
  const text = await readPromptFile(file);
  const hash = sha256(text).slice(0, 16);
  const ending = extname(file);
  if (ending === '.md' || ending === '.txt') {
    const system = text.trim();
    return { hash, prompt: (input, as) => ({ system, user: stage.prompt(input, as).user }) };
  }
  if (ending === '.mjs' || ending === '.js') return { hash, prompt: await importPrompt(file) };
  throw new UsageError(
    `prompt file ${file}: its ending must be .md or .txt (the instructions) or .mjs or .js (a function)`,
  );
}

/** The hash of a built-in prompt is that of its text for the stage's own small input. */
function promptHash<Input, Answer>(stage: Stage<Input, Answer>, format: AnswerFormat): string {
  const { system, user } = stage.prompt(stage.probe, format);
  return sha256(`${system}\n${user}`).slice(0, 16);
}

async function readPromptFile(file: string): Promise<string> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT')
      throw new UsageError(`prompt file ${file}: there is no such file`);
    throw new Error(`prompt file ${file} cannot be read`, { cause: error });
  }
}

async function importPrompt<Input>(file: string): Promise<PromptFunction<Input>> {
  const module: unknown = await import(pathToFileURL(resolve(file)).href).catch(
    (cause: unknown) => {
      throw new Error(`prompt file ${file} cannot be loaded`, { cause });
    },
  );
  const build =
    typeof module === 'object' && module !== null && 'default' in module
      ? module.default
      : undefined;
  if (typeof build !== 'function') {
    throw new UsageError(
      `prompt file ${file} must export a function by default: (input, format) => ({ system, user })`,
    );
  }
  return (input, format) => {
    const prompt = Prompt.safeParse(called(() => build(input, format), file));
    if (prompt.success) return prompt.data;
    throw new UsageError(
      `prompt file ${file}: its function must return { system: text, user: text }`,
    );
  };
}

function called(build: () => unknown, file: string): unknown {
  try {
    return build();
  } catch (cause) {
    throw new Error(`prompt file ${file}: its function failed`, { cause });
  }
}
