import { open } from 'node:fs/promises';
import { errorCode } from '../errors.ts';

/**
 * What a program itself said went wrong, found in the end of its log: the last Python traceback that names a cause
 * (torchrun's own, which only says that a worker failed, yields to the worker's), else the last lines that speak of
 * an error, else the last lines. At most 30 lines; empty when the log is.
 */
export function lastError(log: string): string {
  const lines = log.split(/\r?\n|\r/).map(withoutColours);
  const block = lastTraceback(lines) ?? lastErrorLines(lines) ?? lines.filter(isText).slice(-5);
  return shortened(block).join('\n').trimEnd();
}

/** The last lines of a log that hold text, progress bars' overwritten states left out. */
export function lastLines(log: string, count: number): string[] {
  const lines = log.split(/\r?\n/).map((line) => withoutColours(line.split('\r').at(-1) ?? ''));
  return lines.filter(isText).slice(-count);
}

/** The end of a file, at most so many bytes, from an offset on; empty when the file is not there. */
export async function readEnd(path: string, from = 0, atMost = 262_144): Promise<string> {
  let file: Awaited<ReturnType<typeof open>>;
  try {
    file = await open(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return '';
    throw error;
  }
  try {
    const { size } = await file.stat();
    const start = Math.max(from, size - atMost, 0);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(Math.max(0, size - start)),
      0,
      Math.max(0, size - start),
      start,
    );
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

const TRACEBACK = 'Traceback (most recent call last):';
const MOST_LINES = 30;
const KEPT_AT_START = 4;

function lastTraceback(lines: readonly string[]): string[] | undefined {
  const starts = lines.flatMap((line, index) => (line.includes(TRACEBACK) ? [index] : []));
  const blocks = starts.map((start) => tracebackFrom(lines, start));
  return blocks.findLast((block) => !isOnlyTheLauncher(block)) ?? blocks.at(-1);
}

/** Until the line of the exception itself: the first that is neither indented nor blank, under the frames. */
function tracebackFrom(lines: readonly string[], start: number): string[] {
  const prefix = (lines[start] ?? '').split(TRACEBACK)[0] ?? '';
  const own = lines
    .slice(start)
    .map((line) => (line.startsWith(prefix) ? line.slice(prefix.length) : line));
  const end = own.findIndex((line, index) => index > 0 && /^\S/.test(line));
  return end === -1 ? own.filter(isText) : own.slice(0, end + 1);
}

function isOnlyTheLauncher(block: readonly string[]): boolean {
  return /ChildFailedError|CalledProcessError/.test(block.at(-1) ?? '');
}

function lastErrorLines(lines: readonly string[]): string[] | undefined {
  const last = lines.findLastIndex((line) =>
    /\b(error|fatal|exception|cannot|refused)\b/i.test(line),
  );
  if (last === -1) return undefined;
  const first = lines.slice(0, last).findLastIndex((line) => !isText(line));
  return lines.slice(Math.max(first + 1, last - 4), last + 3).filter(isText);
}

function shortened(block: readonly string[]): string[] {
  if (block.length <= MOST_LINES) return [...block];
  const kept = block.slice(KEPT_AT_START - MOST_LINES + 1);
  return [...block.slice(0, KEPT_AT_START), '  [...]', ...kept];
}

const isText = (line: string): boolean => line.trim() !== '';

function withoutColours(line: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with the escape character.
  return line.replaceAll(/\u001b\[[0-9;]*[A-Za-z]/g, '');
}
