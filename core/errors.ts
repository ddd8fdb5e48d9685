import { withoutSecrets } from './secrets.ts';

/**
 * What the user can fix: says what failed, the value, what is allowed and what to do.
 * Commands print its message alone, without a trace.
 */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** The messages of an error and of its causes, outermost first, one a line; without keys. */
export function describeError(error: unknown): string {
  return withoutSecrets(messageChain(error));
}

function messageChain(error: unknown): string {
  if (error instanceof UsageError) return error.message;
  const lines: string[] = [];
  for (let current = error, depth = 0; current !== undefined && depth < 8; depth += 1) {
    lines.push(depth === 0 ? errorMessage(current) : `  caused by: ${errorMessage(current)}`);
    current = current instanceof Error ? current.cause : undefined;
  }
  return lines.join('\n');
}

/** One error's own message; an aggregate without one (a refused connection, say) gives its first member's. */
export function errorMessage(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return errorMessage(error.errors[0]);
  if (error instanceof Error) return error.message || error.name;
  return String(error);
}

/** The system error code (ENOENT, ENOSPC, ...) of an error or of the nearest cause that has one. */
export function errorCode(error: unknown): string | undefined {
  for (let current = error, depth = 0; current instanceof Error && depth < 8; depth += 1) {
    if ('code' in current && typeof current.code === 'string') return current.code;
    current = current instanceof AggregateError ? current.errors[0] : current.cause;
  }
  return undefined;
}
