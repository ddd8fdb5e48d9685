import { z } from 'zod';

/** A tool in OpenAI's function format; `parameters` is a JSON Schema, checked as such by synth/check. */
export const ToolDefinition = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string(),
    description: z.string().optional(),
    parameters: z.record(z.string(), z.unknown()).optional(),
  }),
});
export type ToolDefinition = z.infer<typeof ToolDefinition>;

/** A call of a tool; `arguments` is a JSON string, as on OpenAI's wire. */
export const ToolCall = z.object({
  id: z.string(),
  type: z.literal('function'),
  function: z.object({ name: z.string(), arguments: z.string() }),
});
export type ToolCall = z.infer<typeof ToolCall>;

export const AssistantMessage = z.object({
  role: z.literal('assistant'),
  content: z.string().nullable(),
  tool_calls: z.array(ToolCall).min(1).optional(),
});
export type AssistantMessage = z.infer<typeof AssistantMessage>;

/** A message in OpenAI's chat format. */
export const Message = z.discriminatedUnion('role', [
  z.object({ role: z.literal('system'), content: z.string() }),
  z.object({ role: z.literal('user'), content: z.string() }),
  AssistantMessage,
  z.object({ role: z.literal('tool'), tool_call_id: z.string(), content: z.string() }),
]);
export type Message = z.infer<typeof Message>;

/** Messages and the tools they may call: what a trajectory is, whatever it is written in. */
export const Conversation = z.object({
  messages: z.array(Message),
  tools: z.array(ToolDefinition),
});
export type Conversation = z.infer<typeof Conversation>;
