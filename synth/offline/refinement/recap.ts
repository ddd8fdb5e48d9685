import { numberValue } from '../words/grammar.ts';
import type { Turn } from './turns.ts';

/** A question that only results far apart answer, and its answer; empty where the conversation has no such results. */
export function recapOf(turns: readonly Turn[]): Turn[] {
  const made = turns
    .flatMap((turn) => (turn.kind === 'call' && !turn.failed ? [turn] : []))
    .filter(({ result }) => 'status' in result);
  for (const { name } of made) {
    const [one, two] = made.filter((turn) => turn.name === name);
    if (one === undefined || two === undefined) continue;
    const field = Object.entries(one.result).find(
      ([key, value]) => typeof value === 'number' && typeof two.result[key] === 'number',
    )?.[0];
    if (field !== undefined) return sumOf(field, one.result[field], two.result[field]);
  }
  return [];
}

function sumOf(field: string, one: unknown, two: unknown): Turn[] {
  const [a, b] = [numberValue(String(one)), numberValue(String(two))];
  if (a === undefined || b === undefined || !/^[a-z]+s$/.test(field)) return [];
  const total = Number((a + b).toFixed(2));
  return [
    { kind: 'user', text: `How many ${field} is that altogether, over both?` },
    {
      kind: 'assistant',
      text: `It was ${a} the first time and ${b} the second, so ${total} ${field} altogether.`,
    },
  ];
}
