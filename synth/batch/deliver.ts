import { createReadStream, existsSync } from 'node:fs';
import { JsonlReader, readJsonl } from '../../core/jsonl-read.ts';
import { type BatchResult, readBatchResult } from '../../core/llm/batch-lines.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { Failure } from '../../core/llm/failure.ts';
import type { JournalReader } from '../../core/llm/journal.ts';
import { costOf } from '../../core/llm/ledger.ts';
import { usageOf } from '../../core/llm/request-cost.ts';
import type { OpenRun } from '../../core/run/run-folder.ts';
import { readLines } from '../corpus/lines.ts';
import { AboutLine, requestOfLine } from './about-line.ts';
import type { BatchFiles } from './batch-folder.ts';

/** What a batch brought. */
export interface Delivery {
  answered: number;
  failed: number;
  costUsd: number;
  /** The last reason why a line got no answer; null where each has one. */
  lastFailure: Failure | null;
}

/**
 * Writes a batch's answers into the journal and the bill, each once, also when it was killed half-way before.
 * @param endpoint with the prices that hold in a batch
 * @param known what the journal held before
 */
export async function deliver(
  run: OpenRun,
  endpoint: NamedEndpoint,
  files: BatchFiles,
  known: JournalReader,
  onFailure: (key: string, failure: Failure) => void,
): Promise<Delivery> {
  const delivery: Delivery = { answered: 0, failed: 0, costUsd: 0, lastFailure: null };
  const about = await readAbout(files.about);
  const input = await JsonlReader.open(files.input);
  const fail = (key: string, failure: Failure) => {
    delivery.failed += 1;
    delivery.lastFailure = failure;
    onFailure(key, failure);
  };
  try {
    for await (const result of resultsIn(run, files)) {
      const line = about.get(result.key);
      // Not ours, or a second line of the same request.
      if (line === undefined || result.kind === 'left') continue;
      if (result.kind === 'failed') {
        fail(result.key, result.failure);
        continue;
      }
      about.delete(result.key);
      delivery.answered += 1;
      if ((await known.get(result.key)) !== undefined) continue;
      const value = await input.valueAt(line.offset, line.length);
      const request = requestOfLine(value, line, endpoint);
      const { key, response } = result;
      const usage = usageOf(response.completion, request);
      const costUsd = costOf(usage, endpoint.prices);
      // How long one line of a batch took nobody says.
      await run.journal.append({
        request,
        key,
        usage,
        costUsd,
        seconds: 0,
        reused: false,
        response,
      });
      run.ledger.paid(request.stage, endpoint.name, usage, costUsd, 0);
      delivery.costUsd += costUsd;
    }
  } finally {
    await input.close();
  }
  return delivery;
}

/** A batch's lines by key; as many as a provider takes in one batch. */
async function readAbout(path: string): Promise<Map<string, AboutLine>> {
  const lines = new Map<string, AboutLine>();
  for await (const { value } of readJsonl(path)) {
    const line = AboutLine.parse(value);
    lines.set(line.key, line);
  }
  return lines;
}

async function* resultsIn(run: OpenRun, files: BatchFiles): AsyncGenerator<BatchResult> {
  for (const path of [files.earlier, files.output, files.errors]) {
    if (!existsSync(path)) continue;
    for await (const { bytes, number } of readLines(createReadStream(path), path)) {
      if (bytes.length === 0) continue;
      const result = readBatchResult(bytes);
      // Its request got no answer, then, and is sent again.
      if (result === undefined) run.event('batch_line_unreadable', { path, line: number });
      else yield result;
    }
  }
}
