// What a script without a toolkit does: the `openai` client and a promise pool that appends to a JSONL file.
// Usage: bare-pool.js URL ROWS CONCURRENCY FOLDER [RETRIES]
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { finished } from 'node:stream/promises';
import OpenAI from 'openai';

const [url = '', rowsText, concurrencyText, folder = '', retriesText = '0'] = process.argv.slice(2);
const rows = Number(rowsText);
const client = new OpenAI({ baseURL: url, apiKey: 'none', maxRetries: Number(retriesText) });
const file = createWriteStream(join(folder, 'rows.jsonl'));

const FILLER = 'A customer may bring goods back within thirty days, with the receipt. '.repeat(29);

let next = 0;
let lost = 0;
async function worker(): Promise<void> {
  while (next < rows) {
    const row = next;
    next += 1;
    try {
      const messages = [{ role: 'user' as const, content: `Row ${row}. ${FILLER}` }];
      const answer = await client.chat.completions.create({ model: 'loopback', messages });
      file.write(`${JSON.stringify({ row, text: answer.choices[0]?.message.content })}\n`);
    } catch {
      lost += 1;
    }
  }
}

await Promise.all(Array.from({ length: Number(concurrencyText) }, worker));
file.end();
await finished(file);
process.stdout.write(`${JSON.stringify({ rows: rows - lost })}\n`);
