import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '../errors.ts';

const POLL_MS = 200;
const CHUNK = 65_536;

/**
 * The lines of a file as they are appended, from an offset in bytes; a file that is not there yet is waited for. Ends
 * once `until` has been aborted and what stood in the file by then was given. A progress bar's states are lines.
 */
export async function* followFile(
  path: string,
  until: AbortSignal,
  from = 0,
): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let offset = from;
  let rest = '';
  for (;;) {
    const isLast = until.aborted;
    for await (const chunk of chunksFrom(path, offset)) {
      offset += chunk.length;
      const lines = (rest + decoder.decode(chunk, { stream: true })).split(/\r?\n|\r/);
      rest = lines.pop() ?? '';
      yield* lines;
    }
    if (isLast) break;
    await sleep(POLL_MS, undefined, { signal: until }).catch(() => {});
  }
  if (rest !== '') yield rest;
}

async function* chunksFrom(path: string, start: number): AsyncGenerator<Buffer> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  try {
    for (let offset = start; ; ) {
      const { bytesRead, buffer } = await file.read(Buffer.alloc(CHUNK), 0, CHUNK, offset);
      if (bytesRead === 0) return;
      offset += bytesRead;
      yield buffer.subarray(0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
