const MAX_ENTRIES = 1024;
const MAX_CHARACTERS = 16 * 1024 * 1024;

/** A map from texts that forgets what was longest unused when it holds too many or too long ones. */
export class BoundedCache<V> {
  readonly #entries = new Map<string, V>();
  #characters = 0;

  get(key: string): V | undefined {
    const value = this.#entries.get(key);
    if (value === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, value);
    return value;
  }

  set(key: string, value: V): void {
    if (!this.#entries.has(key)) this.#characters += key.length;
    this.#entries.set(key, value);
    for (const oldest of this.#entries.keys()) {
      if (this.#entries.size <= MAX_ENTRIES && this.#characters <= MAX_CHARACTERS) break;
      this.#entries.delete(oldest);
      this.#characters -= oldest.length;
    }
  }
}
