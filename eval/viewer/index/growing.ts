type Kind = typeof Uint8Array | typeof Uint32Array | typeof Float64Array;

/** Numbers in a typed array that doubles when it is full: a few bytes each, however many come. */
export class Growing<K extends Kind> {
  readonly #kind: K;
  #values: InstanceType<K>;
  length = 0;

  constructor(kind: K, values?: InstanceType<K>) {
    this.#kind = kind;
    // A constructor that is a type parameter gives the union of what the kinds make.
    this.#values = values ?? (new kind(1024) as InstanceType<K>);
    this.length = values?.length ?? 0;
  }

  push(value: number): void {
    this.#room(1);
    this.#values[this.length] = value;
    this.length += 1;
  }

  /** Appends bytes, or numbers, of another array. */
  append(values: ArrayLike<number>): void {
    this.#room(values.length);
    this.#values.set(values, this.length);
    this.length += values.length;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  /** What there is by now; a view, valid until the next push. */
  view(): InstanceType<K> {
    return this.#values.subarray(0, this.length) as InstanceType<K>;
  }

  #room(more: number): void {
    const needed = this.length + more;
    if (needed <= this.#values.length) return;
    const grown = new this.#kind(Math.max(needed, this.#values.length * 2)) as InstanceType<K>;
    grown.set(this.#values.subarray(0, this.length));
    this.#values = grown;
  }
}
