import type { z } from 'zod';
import { UsageError } from '../errors.ts';
import type { JsonlLine } from '../jsonl-read.ts';

/**
 * A line of a run's file as a schema has it.
 * @throws UsageError naming file, line and field, for a file that was changed by hand or by another version
 */
export function parseLine<S extends z.ZodType>(
  schema: S,
  { value, line }: JsonlLine,
  path: string,
): z.output<S> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  throw new UsageError(
    `${path}, line ${line}: ${first?.path.join('.')}: ${first?.message}; was it changed by hand, or written by another version?`,
  );
}
