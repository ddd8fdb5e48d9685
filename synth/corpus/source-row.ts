import type { SkipReason } from './report.ts';

/** A record of a file: named fields, a bare text, or something that cannot be read as text. */
export type SourceRow =
  | { fields: Record<string, unknown> }
  | { text: string }
  | { skip: SkipReason };

/** What the readers ask about a file's fields. */
export interface RowsWanted {
  /** Of these columns, the ones to read; null for all. */
  columns(existing: readonly string[]): string[] | null;
  /** Whether a JSON object is one document, rather than the holder of an array of rows. */
  isDocument(object: Record<string, unknown>): boolean;
}
