import { Decompress } from 'fzstd';
import { UsageError } from '../../core/errors.ts';

/** Compressed bytes a step: small, because a step's whole output is held and zstd can expand a thousandfold. */
const STEP = 16 * 1024;
/** fzstd 0.1.1 reads distances of 25 bits and a start bit: beyond this it gives wrong bytes without a word. */
const MAX_WINDOW_BYTES = 64 * 1024 * 1024;
const MAGIC = 0xfd2fb528;

/**
 * Decompresses zstd, all frames of it, in steps. Throws a UsageError for a window above 64 MB
 * (`zstd --long`, `--ultra -22`); what fzstd throws for damaged data passes through.
 */
export async function* unzstd(
  chunks: AsyncIterable<Uint8Array>,
  name: string,
): AsyncGenerator<Uint8Array> {
  let ready: Uint8Array[] = [];
  const decoder = new Decompress((bytes) => ready.push(bytes));
  const watch = new WindowWatch(name);
  for await (const chunk of chunks) {
    watch.see(chunk);
    for (let at = 0; at < chunk.length; at += STEP) {
      decoder.push(chunk.subarray(at, at + STEP));
      yield* ready;
      ready = [];
    }
  }
  decoder.push(new Uint8Array(0), true);
  yield* ready;
}

/** Walks frame and block headers (RFC 8878, section 3.1) beside the decoder, to see every frame's window. */
class WindowWatch {
  #name: string;
  #header: number[] = [];
  #state: 'frame' | 'block' | 'lost' = 'frame';
  #skip = 0;
  #checksumBytes = 0;

  constructor(name: string) {
    this.#name = name;
  }

  see(chunk: Uint8Array): void {
    for (let at = 0; at < chunk.length && this.#state !== 'lost'; ) {
      const skipped = Math.min(this.#skip, chunk.length - at);
      this.#skip -= skipped;
      at += skipped;
      if (at === chunk.length) return;
      this.#header.push(chunk[at] ?? 0);
      at += 1;
      if (this.#state === 'block') this.#seeBlock();
      else this.#seeFrame();
    }
  }

  #seeFrame(): void {
    if (this.#header.length < 4) return;
    const magic = littleEndian(this.#header, 0, 4);
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      if (this.#header.length === 8) this.#begin('frame', littleEndian(this.#header, 4, 4));
      return;
    }
    if (magic !== MAGIC) this.#state = 'lost'; // no zstd: the decoder says so
    const [flags, window] = this.#header.slice(4);
    if (flags === undefined || this.#header.length < frameHeaderBytes(flags)) return;
    const bytes = isSingleSegment(flags) ? contentBytes(this.#header) : windowBytes(window ?? 0);
    if (bytes > MAX_WINDOW_BYTES) this.#refuse(bytes);
    this.#checksumBytes = flags & 4;
    this.#begin('block', 0);
  }

  #seeBlock(): void {
    if (this.#header.length < 3) return;
    const header = littleEndian(this.#header, 0, 3);
    const isRun = ((header >> 1) & 3) === 1;
    const size = isRun ? 1 : header >> 3;
    if (header & 1) this.#begin('frame', size + this.#checksumBytes);
    else this.#begin('block', size);
  }

  #begin(state: 'frame' | 'block', skip: number): void {
    this.#state = state;
    this.#skip = skip;
    this.#header = [];
  }

  #refuse(bytes: number): never {
    throw new UsageError(
      `${this.#name} is compressed over a window of ${Math.ceil(bytes / 1024 / 1024)} MB, and up to 64 MB can be ` +
        `read; decompress it first (zstd -d --long=31 ${this.#name}) or compress it without --long`,
    );
  }
}

function isSingleSegment(flags: number): boolean {
  return (flags & 0x20) !== 0;
}

/** Magic, flags, window byte, dictionary id, content size. */
function frameHeaderBytes(flags: number): number {
  return 5 + (isSingleSegment(flags) ? 0 : 1) + dictionaryBytes(flags) + contentSizeBytes(flags);
}

function dictionaryBytes(flags: number): number {
  return [0, 1, 2, 4][flags & 3] ?? 0;
}

function contentSizeBytes(flags: number): number {
  const code = flags >> 6;
  return code === 0 ? Number(isSingleSegment(flags)) : 2 ** code;
}

function windowBytes(descriptor: number): number {
  const base = 2 ** (10 + (descriptor >> 3));
  return base + (base / 8) * (descriptor & 7);
}

/** Of a single segment, whose window is its content. */
function contentBytes(header: readonly number[]): number {
  const flags = header[4] ?? 0;
  const size = contentSizeBytes(flags);
  return littleEndian(header, 5 + dictionaryBytes(flags), size) + (size === 2 ? 256 : 0);
}

function littleEndian(bytes: readonly number[], start: number, length: number): number {
  let value = 0;
  for (let at = length - 1; at >= 0; at -= 1) value = value * 256 + (bytes[start + at] ?? 0);
  return value;
}
