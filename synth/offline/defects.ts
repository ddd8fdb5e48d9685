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
  const inText = random.chance(TEXT_DEFECTS.length / (DEFECTS.length + TEXT_DEFECTS.length));
  if (!inText) {
    for (const { apply } of random.shuffle(DEFECTS)) {
      const spoilt = apply(structuredClone(conversation), random, constraints);
      if (spoilt !== undefined) return print(spoilt);
    }
  }
  return random.pick(TEXT_DEFECTS).apply(print(conversation), random);
}
