import { createReadStream, existsSync } from 'node:fs';
import { join } from 'node:path';
import { JsonlReader, readJsonl } from '../../core/jsonl-read.ts';
import { type BatchResult, readBatchResult } from '../../core/llm/batch-lines.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import type { Failure } from '../../core/llm/failure.ts';
import { scanHeads } from '../../core/llm/journal-heads.ts';
import { costOf } from '../../core/llm/ledger.ts';
import type { ModelRequest } from '../../core/llm/request.ts';
import { usageOf } from '../../core/llm/request-cost.ts';
import type { OpenRun } from '../../core/run/run-folder.ts';
import { readLines } from '../corpus/lines.ts';
import { AboutLine, requestOfLine } from './about-line.ts';
import type { BatchEnd } from './backend.ts';
import type { BatchFiles } from './batch-folder.ts';

/** What a batch brought. */
export interface Delivery {
  answered: number;
  failed: number;
  costUsd: number;
  /** The last reason why a line got no answer; null where each has one. */
  lastFailure: Failure | null;
}

/** How a batch came to its delivery. */
interface Ended {
  end: BatchEnd;
  /** An earlier process may have written some of its answers. */
  begunBefore: boolean;
}

/**
 * Writes a batch's answers into the journal and the bill, each once, also when it was killed half-way before.
 * @param endpoint with the prices that hold in a batch
 * @param onFailure told of each line without an answer
 */
export async function deliver(
  run: OpenRun,
  endpoint: NamedEndpoint,
  files: BatchFiles,
  { end, begunBefore }: Ended,
  onFailure: (key: string, failure: Failure) => void,
): Promise<Delivery> {
  const delivery: Delivery = { answered: 0, failed: 0, costUsd: 0, lastFailure: null };
  const about = await readAbout(files.about);
  const written = begunBefore ? await writtenOf(run, about) : new Set<string>();
  const failed = new Set<string>();
  const input = await JsonlReader.open(files.input);
  try {
    for await (const result of resultsIn(run, files)) {
      const { key } = result;
      const line = about.get(key);
      // Not ours, or a second line of the same request.
      if (line === undefined || result.kind === 'left') continue;
      if (result.kind === 'failed') {
        failed.add(key);
        delivery.failed += 1;
        delivery.lastFailure = result.failure;
        onFailure(key, result.failure);
        continue;
      }
      about.delete(key);
      delivery.answered += 1;
      if (written.has(key)) continue;
      const value = await input.valueAt(line.offset, line.length);
      delivery.costUsd += await keep(run, requestOfLine(value, line, endpoint), result);
    }
  } finally {
    await input.close();
  }
  if (wasTheirTurn(end, delivery))
    for (const key of about.keys()) if (!failed.has(key)) onFailure(key, nothingCame(end));
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

/** Which of a batch's lines the journal has an answer to, whatever has become of their passages since. */
async function writtenOf(run: OpenRun, about: Map<string, AboutLine>): Promise<Set<string>> {
  const written = new Set<string>();
  for await (const { line } of scanHeads(join(run.folder, 'journal.jsonl')))
    if ('key' in line && about.has(line.key)) written.add(line.key);
  return written;
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

/** Writes an answer down. Returns what it cost, in USD. */
async function keep(
  run: OpenRun,
  request: ModelRequest,
  { key, response }: Extract<BatchResult, { kind: 'answered' }>,
): Promise<number> {
  const usage = usageOf(response.completion, request);
  const costUsd = costOf(usage, request.endpoint.prices);
  // How long one line of a batch took nobody says.
  await run.journal.append({ request, key, usage, costUsd, seconds: 0, reused: false, response });
  run.ledger.paid(request.stage, request.endpoint.name, usage, costUsd, 0);
  return costUsd;
}

/** A batch that ended early with some answers has not come to the others: that is no fault of theirs. */
function wasTheirTurn({ kind, reason }: BatchEnd, { answered }: Delivery): boolean {
  return kind === 'done' && (reason === '' || answered === 0);
}

function nothingCame({ reason }: BatchEnd): Failure {
  return {
    kind: 'transport',
    reason: `its batch brought nothing for it${reason === '' ? '' : ` (${reason})`}`,
    status: null,
    retryAfter: null,
    unreachable: false,
    maybeBilled: true,
  };
}
