import { Conversation } from '../../../core/conversation.ts';
import type { Finding } from '../../../core/trajectory.ts';
import { Random } from '../../offline/seed.ts';
import type { CheckContext } from '../row.ts';
import type { CleanRow, CorruptedRow, Mutation } from './mutation.ts';

/** A row to corrupt; null for what is no conversation by our types, which cannot be corrupted by rule. */
export function cleanRowOf({ conversation, passage, workflow }: CheckContext): CleanRow | null {
  const parsed = Conversation.safeParse(conversation);
  return parsed.success ? { conversation: parsed.data, passage, workflow } : null;
}

/** A row with one fault of a kind; the same for the same seed and id. Null where it has no material for that. */
export function corrupt(
  id: string,
  clean: CleanRow,
  { name, mutate }: Mutation,
  seed: number,
): CorruptedRow | null {
  return mutate(clean, new Random(`${seed} ${name} ${id}`));
}

/** What the checks find in a corruption beyond what they find in the clean row, of the codes meant for its kind. */
export function caughtBy(
  { codes }: Mutation,
  clean: CleanRow,
  corrupted: CorruptedRow,
  before: readonly Finding[],
  after: readonly Finding[],
): Finding[] {
  const isShifted = corrupted.conversation.messages.length !== clean.conversation.messages.length;
  return newFindings(before, after, isShifted).filter(({ code }) => codes.includes(code));
}

/**
 * What is found after a corruption and was not before. Where messages were put in or taken out, all that
 * follows has other indices, so that only more findings of a code and severity count.
 */
function newFindings(
  before: readonly Finding[],
  after: readonly Finding[],
  isShifted: boolean,
): Finding[] {
  const key = ({ severity, code, ...place }: Finding): string =>
    isShifted ? `${severity} ${code}` : JSON.stringify([severity, code, place]);
  const counts = new Map<string, number>();
  for (const finding of before) counts.set(key(finding), (counts.get(key(finding)) ?? 0) + 1);
  return after.filter((finding) => {
    const left = counts.get(key(finding)) ?? 0;
    counts.set(key(finding), left - 1);
    return left <= 0;
  });
}
