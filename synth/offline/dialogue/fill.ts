import type { Random } from '../seed.ts';
import { capitalised } from '../words/grammar.ts';

/** One of the lines with its {slots} filled; a slot that begins the line begins with a capital. */
export function fill(
  lines: readonly string[],
  random: Random,
  slots: Record<string, string> = {},
): string {
  const line = random.pick(lines);
  const text = line.replace(/\{(\w+)\}/g, (_whole, name: string) => slots[name] ?? '');
  return capitalised(text.replace(/([.!?])\.(?=\s|$)/g, '$1'));
}
