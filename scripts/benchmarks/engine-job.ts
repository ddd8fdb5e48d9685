import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { JsonlAppender } from '../../core/jsonl-append.ts';
import { Budget } from '../../core/llm/budget.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { Engine } from '../../core/llm/engine.ts';
import { JournalReader, JournalWriter } from '../../core/llm/journal.ts';
import { Ledger } from '../../core/llm/ledger.ts';

/**
 * One call a row through the engine, journal on: URL ROWS CONCURRENCY FOLDER [FIRST]. Rows already answered in the
 * folder's journal are not asked again.
 */
async function main(): Promise<void> {
  const [url = '', rows = '2000', highest = '64', folder = '', first = highest] =
    process.argv.slice(2);
  const endpoint = endpointOf(url, Number(first), Number(highest));
  await mkdir(folder, { recursive: true });
  const path = join(folder, 'journal.jsonl');
  const { journal } = await JournalWriter.open(path);
  const own = await JournalReader.open(path);
  const { appender: out } = await JsonlAppender.open(join(folder, 'rows.jsonl'));
  const engine = new Engine({
    journal,
    own,
    others: [],
    ledger: new Ledger(),
    budget: new Budget(null, 0),
  });
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let row = next++; row < Number(rows); row = next++) {
      const question = `Row ${row}. ${FILLER}`;
      const request = {
        stage: 'bench',
        passage: `row-${row}`,
        endpoint,
        messages: [
          { role: 'system' as const, content: 'You write short stories.' },
          { role: 'user' as const, content: question },
        ],
        sampling: { temperature: 0.7, max_tokens: 2048 },
        sampleIndex: 0,
        retry: 0,
      };
      const answer = await engine.ask(request, 0);
      await out.append({ row, text: answer.text });
    }
  };
  await Promise.all(Array.from({ length: Math.ceil(Number(highest) * 1.1) }, worker));
  await Promise.all([journal.close(), own.close(), out.close()]);
  process.stdout.write(`${JSON.stringify({ rows: Number(rows) })}\n`);
}

function endpointOf(url: string, first: number, highest: number): NamedEndpoint {
  return {
    name: 'bench',
    base_url: url,
    model: 'bench',
    sampling: {},
    structured_output: 'none',
    extra_body: {},
    concurrency: { first, highest },
    timeout_s: 120,
  };
}

/** Two kilobytes of text, as a passage has. */
const FILLER = 'The clerk notes the number of the form and the day on which it came in. '.repeat(
  27,
);

await main();
