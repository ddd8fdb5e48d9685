import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { Budget } from '../../core/llm/budget.ts';
import { Endpoint, type NamedEndpoint } from '../../core/llm/endpoint.ts';
import { Engine, type EngineOptions } from '../../core/llm/engine.ts';
import { JournalReader, JournalWriter } from '../../core/llm/journal.ts';
import type { JournalLine } from '../../core/llm/journal-line.ts';
import { Ledger } from '../../core/llm/ledger.ts';
import type { ModelRequest } from '../../core/llm/request.ts';
import { answer } from './model-actions.ts';
import { type Script, startModelServer } from './model-server.ts';

const usage = {
  prompt_tokens: 100,
  completion_tokens: 10,
  prompt_tokens_details: { cached_tokens: 60 },
};
export const good = (text = 'yes') => answer(text, { usage });

/** A scripted server, closed after the test. */
export async function server(script: Script, options = {}) {
  const started = await startModelServer(script, options);
  onTestFinished(() => started.close());
  return started;
}

/** An endpoint of it that gives up after five seconds. */
export function endpointAt(
  base_url: string | string[],
  over: Partial<Endpoint> = {},
): NamedEndpoint {
  return {
    ...Endpoint.parse({ base_url, model: 'scripted', timeout_s: 5, ...over }),
    name: 'test',
  };
}

/** A small question. */
export function request(
  endpoint: NamedEndpoint,
  question = 'Is it?',
  over: Partial<ModelRequest> = {},
): ModelRequest {
  const messages: ModelRequest['messages'] = [
    { role: 'system', content: 'Answer.' },
    { role: 'user', content: question },
  ];
  return {
    stage: 'filter',
    passage: 'p1',
    endpoint,
    messages,
    sampling: { max_tokens: 50 },
    sampleIndex: 0,
    retry: 0,
    ...over,
  };
}

/** An engine that journals into a folder and knows what is journaled there. */
export async function engineIn(folder: string, over: Partial<EngineOptions> = {}) {
  const path = join(folder, 'journal.jsonl');
  const { journal } = await JournalWriter.open(path);
  const own = await JournalReader.open(path);
  const ledger = new Ledger();
  const engine = new Engine({
    journal,
    own,
    others: [],
    ledger,
    budget: new Budget(null, 0),
    ...over,
  });
  const close = () => Promise.all([journal.close(), own.close()]);
  return { engine, ledger, path, close };
}

/** An address of this machine where nothing listens. */
export async function nobody(): Promise<string> {
  const { url, close } = await startModelServer(() => good());
  await close();
  return url;
}

/** The heads of a journal's lines. */
export async function linesOf(path: string): Promise<JournalLine[]> {
  const lines: JournalLine[] = [];
  await JournalReader.open(path, undefined, (line) => lines.push(line));
  return lines;
}
