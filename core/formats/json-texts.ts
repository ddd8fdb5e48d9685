import { isUtf8 } from 'node:buffer';
import { createReadStream } from 'node:fs';

/** The text of one JSON value of a file and its number from 1, or why it is none. */
export type JsonText = { number: number } & ({ text: string } | { problem: string });

/** Most bytes of one value: a line, an element of an array, or a file that is one object. */
const MAX_BYTES = 256 * 1024 * 1024;

const NEWLINE = 0x0a;
const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const [OPEN_LIST, CLOSE_LIST, OPEN, CLOSE] = [0x5b, 0x5d, 0x7b, 0x7d];
const BLANKS = new Set([0x09, NEWLINE, 0x0d, 0x20]);

/**
 * The JSON values of a file, in constant memory beside the largest: the elements when it is an array, one
 * object when its first line is but the beginning of one, else its lines. Blank lines and a byte order mark
 * are passed over.
 */
export async function* jsonTexts(path: string): AsyncGenerator<JsonText, void, undefined> {
  let pieces: Pieces | null = null;
  for await (const chunk of createReadStream(path, { highWaterMark: 256 * 1024 })) {
    // Without an encoding the chunks are buffers.
    let bytes = chunk as Buffer;
    if (pieces === null) {
      bytes = withoutMark(bytes);
      const first = bytes.findIndex((byte) => !BLANKS.has(byte));
      if (first < 0) continue;
      bytes = bytes.subarray(first);
      pieces = piecesOf(bytes);
    }
    yield* pieces.add(bytes);
  }
  if (pieces !== null) yield* pieces.end();
}

function withoutMark(bytes: Buffer): Buffer {
  return bytes.indexOf('\uFEFF') === 0 ? bytes.subarray(3) : bytes;
}

function piecesOf(bytes: Buffer): Pieces {
  if (bytes[0] === OPEN_LIST) return new Pieces(new Elements());
  const end = bytes.indexOf(NEWLINE);
  const first = bytes
    .subarray(0, end < 0 ? bytes.length : end)
    .toString('utf8')
    .trim();
  // A line that ends in the middle of an object: the object is written over several lines.
  return new Pieces(/^\{$|[,{[:]$/.test(first) && end >= 0 ? new Whole() : new Lines());
}

/** Says where in a chunk the next value ends; -1 when it goes on in the next chunk. */
interface Splitter {
  /** The end of the value, and where the next one begins. */
  next(bytes: Buffer, from: number): { end: number; start: number } | null;
}

class Lines implements Splitter {
  next(bytes: Buffer, from: number): { end: number; start: number } | null {
    const end = bytes.indexOf(NEWLINE, from);
    return end < 0 ? null : { end, start: end + 1 };
  }
}

class Whole implements Splitter {
  next(): null {
    return null;
  }
}

/** The elements of a list: cut at the commas of its level. */
class Elements implements Splitter {
  #depth = 0;
  #inString = false;
  #escaped = false;

  next(bytes: Buffer, from: number): { end: number; start: number } | null {
    for (let at = from; at < bytes.length; at += 1) {
      const byte = bytes[at];
      if (this.#inString) this.#string(byte);
      else if (byte === QUOTE) this.#inString = true;
      else if (byte === OPEN_LIST || byte === OPEN) {
        this.#depth += 1;
        if (this.#depth === 1) return { end: at, start: at + 1 };
      } else if (byte === CLOSE_LIST || byte === CLOSE) {
        this.#depth -= 1;
        if (this.#depth === 0) return { end: at, start: at + 1 };
      } else if (byte === COMMA && this.#depth === 1) return { end: at, start: at + 1 };
    }
    return null;
  }

  #string(byte: number | undefined): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }
}

/** Gathers chunks into values. */
class Pieces {
  readonly #splitter: Splitter;
  #held: Buffer[] = [];
  #bytes = 0;
  #number = 0;

  constructor(splitter: Splitter) {
    this.#splitter = splitter;
  }

  *add(bytes: Buffer): Generator<JsonText> {
    let from = 0;
    for (let cut = this.#splitter.next(bytes, 0); cut !== null; ) {
      this.#hold(bytes.subarray(from, cut.end));
      yield* this.end();
      from = cut.start;
      cut = this.#splitter.next(bytes, from);
    }
    this.#hold(bytes.subarray(from));
  }

  *end(): Generator<JsonText> {
    const bytes = this.#held.length === 1 ? this.#held[0] : Buffer.concat(this.#held);
    const size = this.#bytes;
    this.#held = [];
    this.#bytes = 0;
    if (bytes === undefined) return;
    if (size > MAX_BYTES) yield this.#problem(`it has ${size} bytes, more than ${MAX_BYTES}`);
    else if (!isUtf8(bytes)) yield this.#problem('its bytes are not UTF-8');
    else {
      const text = bytes.toString('utf8').trim();
      if (text !== '') yield { number: this.#next(), text };
    }
  }

  /** A value that is too large is counted on, not held. */
  #hold(bytes: Buffer): void {
    this.#bytes += bytes.length;
    if (this.#bytes > MAX_BYTES) this.#held = [Buffer.alloc(0)];
    else if (bytes.length > 0) this.#held.push(bytes);
  }

  #problem(problem: string): JsonText {
    return { number: this.#next(), problem };
  }

  #next(): number {
    this.#number += 1;
    return this.#number;
  }
}
