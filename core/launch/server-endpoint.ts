import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { parseDocument } from 'yaml';
import type { z } from 'zod';
import { Endpoint, EndpointsFile } from '../llm/endpoint.ts';
import { replaceFile } from '../write-file.ts';
import { readYaml } from '../yaml.ts';
import type { ServerPlan, ServerRequest } from './servers/plan.ts';

/** An endpoint as it stands in a file, only with what differs from the defaults. */
export type EndpointEntry = z.input<typeof Endpoint>;

/** The entry by which every command reaches a server of one's own, which costs nothing a token. */
export function endpointEntry(
  root: string,
  plan: ServerPlan,
  request: ServerRequest,
): EndpointEntry {
  const { family } = request.model;
  return {
    base_url: `${root}/v1`,
    model: plan.model,
    // So that --budget can be used: what is not priced is refused there.
    prices: { input: 0, output: 0 },
    ...(request.contextLength === null ? {} : { context_length: request.contextLength }),
    structured_output: plan.structuredOutput,
    ...(family === 'qwen3' || family === 'qwen3_moe'
      ? { thinking: { enabled: false, body: { chat_template_kwargs: { enable_thinking: false } } } }
      : {}),
    concurrency: plan.concurrency,
  };
}

/** An endpoints file with one entry, as text. */
export function printEndpoint(name: string, entry: EndpointEntry): string {
  const document = parseDocument('');
  document.set('endpoints', document.createNode({ [name]: entry }));
  return document.toString();
}

/**
 * Puts an entry into an endpoints file: other entries and comments stay, one of the same name is replaced.
 * @throws UsageError when the file is there and is no endpoints file
 */
export async function saveEndpoint(
  file: string,
  name: string,
  entry: EndpointEntry,
): Promise<void> {
  Endpoint.parse(entry);
  await mkdir(dirname(file), { recursive: true });
  if (!existsSync(file)) {
    await replaceFile(file, printEndpoint(name, entry));
    return;
  }
  await readYaml(file, EndpointsFile);
  const document = parseDocument(await readFile(file, 'utf8'));
  document.setIn(['endpoints', name], document.createNode(entry));
  await replaceFile(file, document.toString());
}
