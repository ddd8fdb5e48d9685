import { z } from 'zod';
import { Conversation, ToolDefinition } from '../../core/conversation.ts';
import { unescapeMarkup } from '../../core/formats/tagged.ts';
import { parseTagged } from '../../core/formats/tagged-parse.ts';
import { Pattern } from '../../core/taxonomy.ts';
import { readBlock } from '../stages/blocks.ts';
import type { AnswerFormat } from '../stages/stage.ts';
import { OfflineTeacherError } from './errors.ts';

/** The part of a chat completion request that answers depend on. */
export const OfflineRequest = z.object({
  messages: z.array(z.object({ role: z.string(), content: z.string() })).min(1),
  seed: z.number().int().nullish(),
  response_format: z.unknown().optional(),
});
export type OfflineRequest = z.infer<typeof OfflineRequest>;

/** What a task's prompt says: its name, and its blocks by name. */
export interface TaskPrompt {
  task: string;
  text: string;
  format: AnswerFormat;
}

/** Finds the task in the last user message that names one. Throws an OfflineTeacherError when none does. */
export function readTask(request: OfflineRequest): TaskPrompt {
  const users = request.messages
    .filter(({ role }) => role === 'user')
    .map(({ content }) => content);
  const text = users.findLast((content) => TASK_LINE.test(content));
  const task = TASK_LINE.exec(text ?? '')?.[1];
  if (text === undefined || task === undefined) {
    const beginning = JSON.stringify((users.at(-1) ?? '').slice(0, 60));
    throw new OfflineTeacherError(
      `the user message must begin with a line "Task: NAME"; it begins ${beginning}`,
    );
  }
  return { task, text, format: wantsJson(request.response_format) ? 'json' : 'tags' };
}

const TASK_LINE = /^Task: ([a-z_]+)/;
const ResponseFormat = z.object({ type: z.enum(['json_schema', 'json_object']) });

function wantsJson(format: unknown): boolean {
  return ResponseFormat.safeParse(format).success;
}

/** The text of a block, unescaped. Throws an OfflineTeacherError when the prompt has none of that name. */
export function textOf(prompt: TaskPrompt, name: string): string {
  return unescapeMarkup(rawBlock(prompt, name));
}

/** The text of a block behind instructions that name its tag: from the last one that opens. */
export function lastBlock(prompt: TaskPrompt, name: string): string {
  const start = Math.max(0, prompt.text.lastIndexOf(`<${name}>`));
  return textOf({ ...prompt, text: prompt.text.slice(start) }, name);
}

/** The JSON value of a block, read by a schema. Throws an OfflineTeacherError for anything else. */
export function jsonOf<T>(prompt: TaskPrompt, name: string, schema: z.ZodType<T>): T {
  const parsed = schema.safeParse(parseOrUndefined(rawBlock(prompt, name)));
  if (parsed.success) return parsed.data;
  throw new OfflineTeacherError(
    `the <${name}> block of task ${prompt.task} cannot be read: ${parsed.error.issues[0]?.message}`,
  );
}

/** The tools of a prompt. */
export function toolsOf(prompt: TaskPrompt): ToolDefinition[] {
  return jsonOf(prompt, 'tools', z.array(ToolDefinition));
}

/** The patterns that a prompt names; names that are none are left out. */
export function patternsOf(prompt: TaskPrompt): Pattern[] {
  const names = rawBlock(prompt, 'patterns').split(',');
  return names.flatMap((name) => Pattern.safeParse(name.trim()).data ?? []);
}

/** The conversation of a prompt's trajectory block, with the tools of its own block. */
export function conversationOf(prompt: TaskPrompt): Conversation {
  const parsed = parseTagged(rawBlock(prompt, 'trajectory'), { tools: toolsOf(prompt) });
  if (!parsed.ok)
    throw new OfflineTeacherError(
      `the <trajectory> of task ${prompt.task} cannot be read: ${parsed.problem}`,
    );
  return Conversation.parse(parsed.conversation);
}

function rawBlock(prompt: TaskPrompt, name: string): string {
  const text = readBlock(prompt.text, name);
  if (text === undefined)
    throw new OfflineTeacherError(`the prompt of task ${prompt.task} has no <${name}> block`);
  return text;
}

function parseOrUndefined(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
