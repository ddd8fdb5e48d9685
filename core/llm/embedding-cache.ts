import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { JsonlAppender, type LinePlace } from '../jsonl-append.ts';
import { JsonlReader, readJsonl } from '../jsonl-read.ts';

/** A line: base64 of the vector's 32-bit floats, little-endian as on every machine Node runs on. */
const CacheLine = z.object({ key: z.string(), vector: z.base64() });

/** Vectors in a JSONL file; memory holds only where each one stands. */
export class EmbeddingCache {
  readonly #places: Map<string, LinePlace>;
  readonly #appender: JsonlAppender;
  readonly #reader: JsonlReader;

  private constructor(
    places: Map<string, LinePlace>,
    appender: JsonlAppender,
    reader: JsonlReader,
  ) {
    this.#places = places;
    this.#appender = appender;
    this.#reader = reader;
  }

  /** Opens a file, or makes it. @throws UsageError when it is another kind of file */
  static async open(path: string): Promise<EmbeddingCache> {
    const { appender } = await JsonlAppender.open(path);
    const places = new Map<string, LinePlace>();
    for await (const { value, offset, length, line } of readJsonl(path)) {
      const parsed = CacheLine.safeParse(value);
      if (!parsed.success) {
        await appender.close();
        throw new UsageError(
          `${path}: line ${line} is no cached embedding; name another file, or remove this one`,
        );
      }
      places.set(parsed.data.key, { offset, length });
    }
    return new EmbeddingCache(places, appender, await JsonlReader.open(path));
  }

  has(key: string): boolean {
    return this.#places.has(key);
  }

  async put(key: string, vector: readonly number[]): Promise<void> {
    const bytes = Buffer.from(Float32Array.from(vector).buffer);
    this.#places.set(key, await this.#appender.append({ key, vector: bytes.toString('base64') }));
  }

  /** @throws Error for a key that was not put */
  async get(key: string): Promise<Float32Array> {
    const place = this.#places.get(key);
    if (place === undefined) throw new Error(`no embedding ${key} in ${this.#reader.path}`);
    const value = await this.#reader.valueAt(place.offset, place.length);
    // Copied, so that the floats begin at a multiple of four bytes.
    const bytes = Uint8Array.from(Buffer.from(CacheLine.parse(value).vector, 'base64'));
    return new Float32Array(bytes.buffer);
  }

  async close(): Promise<void> {
    await this.#appender.close();
    await this.#reader.close();
  }
}
