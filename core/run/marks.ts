import { existsSync } from 'node:fs';
import { z } from 'zod';
import { errorMessage, UsageError } from '../errors.ts';
import { JsonlAppender } from '../jsonl-append.ts';
import { readJsonl } from '../jsonl-read.ts';
import { parseLine } from './parse-line.ts';

/**
 * A line of marks.jsonl: what a person said of a row. Of several lines on one row the last one holds; one without
 * verdict and comment takes the mark back.
 */
export const Mark = z.object({
  /** The row's id. */
  id: z.string().min(1),
  /** Null where there is only a comment. */
  verdict: z.enum(['accept', 'reject']).nullable(),
  comment: z.string().max(10_000),
  /** ISO 8601. */
  at: z.string(),
});
export type Mark = z.infer<typeof Mark>;

/** The file in a run's folder. */
export const MARKS_FILE = 'marks.jsonl';

/**
 * The marks that hold, by the rows' ids; none where there is no file.
 * @param path a file of marks
 * @throws UsageError naming the line that is no mark
 */
export async function readMarks(path: string): Promise<Map<string, Mark>> {
  const marks = new Map<string, Mark>();
  if (!existsSync(path)) return marks;
  // A torn last line is a mark that a killed viewer never said it had kept.
  for await (const line of readJsonl(path, { onTorn: () => {} })) {
    const mark = parseLine(Mark, line, path);
    if (mark.verdict === null && mark.comment === '') marks.delete(mark.id);
    else marks.set(mark.id, mark);
  }
  return marks;
}

/** Adds a line to a file of marks. @throws UsageError where it cannot be written */
export async function appendMark(path: string, mark: Mark): Promise<void> {
  try {
    const { appender } = await JsonlAppender.open(path);
    await appender.append(mark);
    await appender.close();
  } catch (cause) {
    throw new UsageError(
      `the mark could not be kept in ${path}: ${errorMessage(cause)}; make the folder writable, or view a copy of it`,
      { cause },
    );
  }
}
