/** Numbers of many rows by name: a column is made when its first number other than 0 comes, and 0 where none came. */
export class Columns {
  readonly #columns = new Map<string, Float32Array>();
  #rows = 0;

  get names(): string[] {
    return [...this.#columns.keys()];
  }

  /** Sets some members of a row, by its index from 0. */
  set(row: number, values: Readonly<Record<string, number>>): void {
    this.#rows = Math.max(this.#rows, row + 1);
    for (const [name, value] of Object.entries(values)) {
      if (value !== 0) this.#column(name, row)[row] = value;
    }
  }

  /** Adds to some members of a row. */
  add(row: number, values: Readonly<Record<string, number>>): void {
    this.#rows = Math.max(this.#rows, row + 1);
    for (const [name, value] of Object.entries(values)) {
      if (value === 0) continue;
      const column = this.#column(name, row);
      column[row] = (column[row] ?? 0) + value;
    }
  }

  get(name: string, row: number): number {
    return this.#columns.get(name)?.[row] ?? 0;
  }

  total(name: string): number {
    let sum = 0;
    for (const value of this.#columns.get(name) ?? []) sum += value;
    return sum;
  }

  /** The column with room for a row; typed arrays do not grow, so it is copied into one of twice the size. */
  #column(name: string, row: number): Float32Array {
    const known = this.#columns.get(name);
    if (known !== undefined && row < known.length) return known;
    const grown = new Float32Array(Math.max(64, 2 * (row + 1)));
    if (known !== undefined) grown.set(known);
    this.#columns.set(name, grown);
    return grown;
  }
}
