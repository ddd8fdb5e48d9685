import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { finished } from 'node:stream/promises';
import { jsonTexts } from '../../../core/formats/json-texts.ts';
import { readParquet } from '../../../core/parquet-read.ts';

/** Whether a file's rows are not its lines: Parquet, a JSON list, an object over several lines. */
export async function needsSpool(path: string): Promise<boolean> {
  const head = (await headOf(path)).replace(/^\uFEFF/, '').trimStart();
  if (head.startsWith('PAR1') || head.startsWith('[')) return true;
  const newline = head.indexOf('\n');
  return newline >= 0 && /^\{$|[,{[:]$/.test(head.slice(0, newline).trim());
}

/**
 * Copies a file's values to lines that can be read by their places, once for each state of the file. A line is
 * `{"value":...}`, or `{"problem":"..."}` for what is no JSON.
 */
export async function spool(path: string, to: string): Promise<void> {
  if (await isSpooled(path, to)) return;
  await mkdir(dirname(to), { recursive: true });
  const partial = `${to}.${process.pid}.partial`;
  const file = createWriteStream(partial);
  try {
    for await (const line of linesOf(path)) if (!file.write(`${line}\n`)) await once(file, 'drain');
    file.end();
    await finished(file);
    await rename(partial, to);
  } catch (error) {
    file.destroy();
    await rm(partial, { force: true });
    throw error;
  }
}

/** Whether there is a copy that is younger than the file. */
export async function isSpooled(path: string, to: string): Promise<boolean> {
  const copy = await stat(to).catch(() => undefined);
  return copy !== undefined && copy.mtimeMs > (await stat(path)).mtimeMs;
}

async function* linesOf(path: string): AsyncGenerator<string, void> {
  if ((await headOf(path)).startsWith('PAR1')) {
    for await (const value of readParquet(path)) yield JSON.stringify({ value }, plain);
    return;
  }
  for await (const text of jsonTexts(path)) {
    if ('problem' in text) yield JSON.stringify({ problem: text.problem });
    // The text itself, since reading would round long numbers; newlines in JSON stand between values only.
    else if (isJson(text.text)) yield `{"value":${text.text.replace(/[\r\n]/g, ' ')}}`;
    else yield JSON.stringify({ problem: `no JSON: ${text.text.slice(0, 200)}` });
  }
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function plain(_key: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
}

async function headOf(path: string): Promise<string> {
  const handle = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(64 * 1024), 0, 64 * 1024, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}
