import type { Conversation } from '../../core/conversation.ts';
import type { Constraint } from '../../core/workflow.ts';
import { DEFECTS, TEXT_DEFECTS } from './defects/table.ts';
import { Random } from './seed.ts';

/** Prints a conversation; a seeded share of them, `rate`, with one defect from the tables. */
export function printWithDefect(
  conversation: Conversation,
  print: (conversation: Conversation) => string,
  constraints: readonly Constraint[],
  rate: number,
  seed: string,
): string {
  const random = new Random(`${seed} defect`);
  if (!random.chance(rate)) return print(conversation);
  for (const { apply } of random.shuffle([
    ...DEFECTS,
    ...TEXT_DEFECTS.map((defect) => ({ ...defect, apply: undefined })),
  ])) {
    if (apply === undefined) return random.pick(TEXT_DEFECTS).apply(print(conversation), random);
    const spoilt = apply(structuredClone(conversation), random, constraints);
    if (spoilt !== undefined) return print(spoilt);
  }
  return print(conversation);
}
