// pyarrow reads a column of date-like strings as timestamps: 2024-01-05 comes back as 2024-01-05 00:00:00,
// and the first id of another form after them ends the load.
const NEEDS_MARK = /^(?:id:|\s*\d{4}-\d\d?-\d\d?)/;

/** An id as a column that no loader takes for a date; `fromIdColumn` undoes it. */
export function toIdColumn(id: string): string {
  return NEEDS_MARK.test(id) ? `id:${id}` : id;
}

/** The id of such a column. */
export function fromIdColumn(column: string): string {
  return column.startsWith('id:') ? column.slice('id:'.length) : column;
}
