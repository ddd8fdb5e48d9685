/**
 * Gives one object for all equal values: of a hundred thousand rows each names one of a few licences and has one of
 * a few lists of domains, but as they are read each has its own.
 */
export class SharedValues {
  readonly #values = new Map<string, unknown>();

  /** @param value what JSON can say; nobody may change it afterwards */
  of<T>(value: T): T {
    const key = JSON.stringify(value);
    // Equal JSON is an equal value, so one of the same type.
    if (this.#values.has(key)) return this.#values.get(key) as T;
    this.#values.set(key, value);
    return value;
  }
}
