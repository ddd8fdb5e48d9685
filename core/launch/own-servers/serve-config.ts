import { existsSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../errors.ts';
import { packageRoot } from '../../package-root.ts';
import { readYaml } from '../../yaml.ts';
import { ServerKind } from '../servers/kinds.ts';

const Count = z.number().int().positive();

/** The servers that a run starts for itself: configs/serve/NAME.yaml, or the user's own file. */
export const ServeConfig = z.strictObject({
  model: z.string().min(1).describe("Model's folder, .gguf file or hub name"),
  with: ServerKind.describe('The server'),
  name: z
    .string()
    .regex(/^\w[\w.-]*$/, 'letters, digits, dots, dashes and underscores')
    .optional()
    .describe("The endpoint's name, which rows tell; the file's unless given"),
  tensor_parallel: Count.optional().describe(
    'GPUs that share the model; as many as its weights need unless given',
  ),
  replicas: Count.optional().describe(
    'Servers side by side; as many as the GPUs allow unless given',
  ),
  max_model_len: Count.optional().describe('Tokens of prompt and answer'),
  adapter: z.string().optional().describe('LoRA adapter to serve it with'),
  env: z.string().optional().describe('Python environment with the server; else what is on PATH'),
  server_args: z.array(z.string()).default([]).describe("More for the server's command line"),
  timeout_s: z.number().positive().default(1800).describe('Until the servers must be healthy'),
  share: z
    .enum(['none', 'node'])
    .default('none')
    .describe('node: processes of one run on a node use the servers that the first of them starts'),
});
export type ServeConfig = z.infer<typeof ServeConfig>;

/** A configuration under its endpoint's name. */
export type NamedServeConfig = ServeConfig & { name: string; file: string };

/**
 * Reads --serve: a path, or the name of a file in ./configs/serve or of a shipped one.
 * @throws UsageError where there is none, or with its line and key
 */
export async function readServeConfig(nameOrPath: string): Promise<NamedServeConfig> {
  const isPath = nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
  const folders = [join('configs', 'serve'), join(packageRoot(), 'configs', 'serve')];
  const candidates = isPath
    ? [nameOrPath]
    : folders.map((folder) => join(folder, `${nameOrPath}.yaml`));
  const file = candidates.find((path) => existsSync(path));
  if (file === undefined)
    throw new UsageError(
      `--serve ${nameOrPath}: there is no such file (looked for ${candidates.join(', ')}); configs/serve/vllm.yaml explains the keys`,
    );
  const config = await readYaml(file, ServeConfig);
  return { ...config, name: config.name ?? basename(file).replace(/\.ya?ml$/, ''), file };
}
