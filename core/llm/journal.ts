import { mkdir, open, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { errorCode } from '../errors.ts';
import { sha256 } from '../hash.ts';
import { JsonlAppender } from '../jsonl-append.ts';
import { replaceFile } from '../write-file.ts';
import { type ChatResponse, readCompletion } from './chat-client.ts';
import { journalFiles } from './journal-files.ts';
import { scanHeads } from './journal-heads.ts';
import { JournalIndex } from './journal-index.ts';
import { JournalHead, type JournalLine } from './journal-line.ts';
import type { Usage } from './ledger.ts';
import type { ChatMessage, ModelRequest } from './request.ts';

const StoredRequest = z.object({
  /** SHA-256 of the system message, which stands in prompts/ once for all requests. */
  system: z.string().nullable(),
  messages: z.array(
    z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() }),
  ),
  sampling: z.record(z.string(), z.unknown()),
  response_format: z.unknown(),
  sample_index: z.number(),
  retry: z.number(),
});

/** An answered request: head, the request as sent, the response as received. */
export interface JournalEntry {
  head: JournalHead;
  messages: ChatMessage[];
  sampling: Record<string, unknown>;
  /** As it was sent, or null. */
  responseFormat: unknown;
  response: ChatResponse;
}

/** An answer on its way into the journal. */
export interface NewEntry {
  request: ModelRequest;
  key: string;
  usage: Usage;
  costUsd: number;
  seconds: number;
  reused: boolean;
  response: ChatResponse;
}

/** Reads the answers in a run's journal by key; a merged run's journal refers to several files. */
export class JournalReader {
  readonly #files: JournalFile[];

  private constructor(files: JournalFile[]) {
    this.#files = files;
  }

  /**
   * Indexes a journal.
   * @param path journal.jsonl; a file that is not there has no answers
   * @param wanted which lines can be asked for later, by head; all of them unless said
   * @param each sees every line's head, the marks of requests sent and lost included
   */
  static async open(
    path: string,
    wanted: (head: JournalHead) => boolean = () => true,
    each: (line: JournalLine) => void = () => {},
  ): Promise<JournalReader> {
    const files: JournalFile[] = [];
    for (const file of await journalFiles(path))
      files.push(await JournalFile.open(file, wanted, each));
    return new JournalReader(files);
  }

  get size(): number {
    return this.#files.reduce((sum, { size }) => sum + size, 0);
  }

  async get(key: string): Promise<JournalEntry | undefined> {
    for (const file of this.#files) {
      const entry = await file.get(key);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  async close(): Promise<void> {
    for (const file of this.#files) await file.close();
  }
}

/** One file of answers and its index. */
class JournalFile {
  readonly #path: string;
  readonly #index = new JournalIndex();
  readonly #systems = new Map<string, string>();
  #handle: ReturnType<typeof open> | undefined;

  private constructor(path: string) {
    this.#path = path;
  }

  static async open(
    path: string,
    wanted: (head: JournalHead) => boolean,
    each: (line: JournalLine) => void,
  ): Promise<JournalFile> {
    const reader = new JournalFile(path);
    for await (const { line, offset, length } of scanHeads(path)) {
      each(line);
      if ('key' in line && wanted(line)) reader.#index.set(line.key, offset, length);
    }
    return reader;
  }

  get size(): number {
    return this.#index.size;
  }

  async get(key: string): Promise<JournalEntry | undefined> {
    const place = this.#index.get(key);
    if (place === undefined) return undefined;
    this.#handle ??= open(this.#path);
    const buffer = Buffer.allocUnsafe(place.length);
    await (await this.#handle).read(buffer, 0, place.length, place.offset);
    const line: unknown = JSON.parse(buffer.toString('utf8'));
    const head = JournalHead.parse(line);
    // The index knows 64 bits of a key; the line knows all.
    return head.key === key ? this.#toEntry(head, line) : undefined;
  }

  async close(): Promise<void> {
    await (await this.#handle)?.close();
    this.#handle = undefined;
  }

  async #toEntry(head: JournalHead, line: unknown): Promise<JournalEntry> {
    const { request, response } = z
      .object({ request: StoredRequest, response: z.unknown() })
      .parse(line);
    const system: ChatMessage[] =
      request.system === null
        ? []
        : [{ role: 'system', content: await this.#system(request.system) }];
    return {
      head,
      messages: [...system, ...request.messages],
      sampling: request.sampling,
      responseFormat: request.response_format,
      response: readCompletion(JSON.stringify(response)),
    };
  }

  async #system(hash: string): Promise<string> {
    const known = this.#systems.get(hash);
    if (known !== undefined) return known;
    const text = await readFile(systemPath(this.#path, hash), 'utf8');
    this.#systems.set(hash, text);
    return text;
  }
}

/** Appends every response as it was received: the truth that a run is resumed, re-parsed and billed from. */
export class JournalWriter {
  readonly #appender: JsonlAppender;
  readonly #path: string;
  readonly #systems = new Map<string, Promise<string>>();

  private constructor(path: string, appender: JsonlAppender) {
    this.#path = path;
    this.#appender = appender;
  }

  /** Opens the journal for appending; `tornBytes` were cut off because a kill had left half a line. */
  static async open(path: string): Promise<{ journal: JournalWriter; tornBytes: number }> {
    const { appender, torn } = await JsonlAppender.open(path);
    return { journal: new JournalWriter(path, appender), tornBytes: torn?.bytes ?? 0 };
  }

  /** Resolves when the line is the kernel's: a killed process loses nothing of it. */
  async append(entry: NewEntry): Promise<void> {
    const { request, response } = entry;
    const [first, ...others] = request.messages;
    const system = first?.role === 'system' ? await this.#storeSystem(first.content) : null;
    const stored: z.input<typeof StoredRequest> = {
      system,
      messages: system === null ? request.messages : others,
      sampling: request.sampling,
      response_format: request.responseFormat ?? null,
      sample_index: request.sampleIndex,
      retry: request.retry,
    };
    const head = JSON.stringify(headOf(entry)).slice(0, -1);
    await this.#appender.appendLine(
      `${head},"request":${JSON.stringify(stored)},"response":${response.raw}}`,
    );
  }

  /** Marks a request as sent, with the most it can cost, so that a kill cannot hide money. */
  async sent(key: string, reservedUsd: number): Promise<void> {
    await this.#appender.append({ sent: key, reserved_usd: reservedUsd });
  }

  /** Marks that a sent request ended without an answer, and what it may have cost. */
  async lost(key: string, spentUsd: number): Promise<void> {
    await this.#appender.append({ lost: key, spent_usd: spentUsd });
  }

  /** Throws where an answer may not be on the disk, or not under the journal's name. */
  async flush(): Promise<void> {
    await this.#appender.flush();
  }

  async close(): Promise<void> {
    await this.#appender.close();
  }

  #storeSystem(text: string): Promise<string> {
    const known = this.#systems.get(text);
    if (known !== undefined) return known;
    const stored = writeSystem(this.#path, text);
    this.#systems.set(text, stored);
    return stored;
  }
}

/** Where a system message of a journal's requests stands. */
function systemPath(journalPath: string, hash: string): string {
  return join(dirname(journalPath), 'prompts', `${hash}.txt`);
}

/**
 * Whole or not at all: a text that a kill cut short would stand for its hash for ever. The run's own folder is not made:
 * one that was taken away is not to come back with nothing in it.
 */
async function writeSystem(journalPath: string, text: string): Promise<string> {
  const hash = sha256(text);
  const path = systemPath(journalPath, hash);
  try {
    await mkdir(dirname(path)).catch(unlessThere);
    await replaceFile(path, text);
  } catch (cause) {
    throw new Error(`cannot write to ${path}`, { cause });
  }
  return hash;
}

function unlessThere(error: unknown): void {
  if (errorCode(error) !== 'EEXIST') throw error;
}

function headOf({ request, key, usage, costUsd, seconds, reused }: NewEntry): JournalHead {
  return {
    key,
    stage: request.stage,
    passage: request.passage,
    endpoint: request.endpoint.name,
    model: request.endpoint.model,
    ...usage,
    cost_usd: costUsd,
    seconds,
    at: new Date().toISOString(),
    reused,
  };
}
