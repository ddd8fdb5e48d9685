import type { Conversation, Message, ToolCall } from '../../../core/conversation.ts';
import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import type { CleanRow, CorruptedRow } from './mutation.ts';

/** A call of a row, its arguments as an object, and the schemas of its properties. */
export interface PlacedCall {
  message: number;
  index: number;
  call: ToolCall;
  arguments: Record<string, unknown>;
  schema: Record<string, unknown>;
  properties: Record<string, Record<string, unknown>>;
}

/** The calls of a row whose arguments are an object and whose tool is known. */
export function callsOf({ messages, tools }: Conversation): PlacedCall[] {
  const schemas = new Map(
    tools.map(({ function: { name, parameters = {} } }) => [name, parameters]),
  );
  return messages.flatMap((message, at) => {
    if (message.role !== 'assistant') return [];
    return (message.tool_calls ?? []).flatMap((call, index) => {
      const args = jsonOrUndefined(call.function.arguments);
      const schema = schemas.get(call.function.name);
      if (!isObject(args) || schema === undefined) return [];
      const known = Object.entries(isObject(schema.properties) ? schema.properties : {});
      const properties = Object.fromEntries(
        known.filter((entry): entry is [string, Record<string, unknown>] => isObject(entry[1])),
      );
      return [{ message: at, index, call, arguments: args, schema, properties }];
    });
  });
}

/** The row with other messages. */
export function withMessages(row: CleanRow, messages: readonly unknown[]): CorruptedRow {
  return { ...row, conversation: { ...row.conversation, messages } };
}

/** The row with one message replaced by others, or by none. */
export function replaced(
  row: CleanRow,
  index: number,
  ...others: readonly unknown[]
): CorruptedRow {
  const messages: unknown[] = [...row.conversation.messages];
  return withMessages(row, messages.toSpliced(index, 1, ...others));
}

/** The row with messages put before the one at an index. */
export function inserted(
  row: CleanRow,
  index: number,
  ...others: readonly unknown[]
): CorruptedRow {
  const messages: unknown[] = [...row.conversation.messages];
  return withMessages(row, messages.toSpliced(index, 0, ...others));
}

/** The row with one call changed. */
function withCall(row: CleanRow, place: PlacedCall, call: unknown): CorruptedRow {
  const message = row.conversation.messages[place.message];
  if (message?.role !== 'assistant') return row;
  const calls = (message.tool_calls ?? []).with(place.index, place.call);
  return replaced(row, place.message, {
    ...message,
    tool_calls: calls.map((one, index) => (index === place.index ? call : one)),
  });
}

/** The row with one call's arguments replaced; a text goes in as it is. */
export function withArguments(row: CleanRow, place: PlacedCall, args: unknown): CorruptedRow {
  const text = typeof args === 'string' ? args : JSON.stringify(args);
  return withCall(row, place, {
    ...place.call,
    function: { ...place.call.function, arguments: text },
  });
}

/** The row with one top argument of a call set. */
export function withArgument(
  row: CleanRow,
  place: PlacedCall,
  name: string,
  value: unknown,
): CorruptedRow {
  return withArguments(row, place, { ...place.arguments, [name]: value });
}

/** The row with members put into the schema of a tool's parameter. */
export function withKeywords<Made extends CorruptedRow>(
  row: Made,
  tool: string,
  name: string,
  keywords: Record<string, unknown>,
): CorruptedRow {
  const tools = row.conversation.tools.map((one) => {
    const definition = isObject(one) ? one.function : undefined;
    if (!isObject(definition) || definition.name !== tool) return one;
    const parameters = isObject(definition.parameters) ? definition.parameters : {};
    const properties = isObject(parameters.properties) ? parameters.properties : {};
    const property = isObject(properties[name]) ? properties[name] : {};
    const changed = { ...properties, [name]: { ...property, ...keywords } };
    const schema = { ...parameters, properties: changed };
    return { type: 'function', function: { ...definition, parameters: schema } };
  });
  return { ...row, conversation: { ...row.conversation, tools } };
}

/** The row with the text of one message changed. */
export function withContent(row: CleanRow, index: number, content: string): CorruptedRow {
  return replaced(row, index, { ...row.conversation.messages[index], content });
}

/** The messages of one role with their indices. */
export function messagesOf<Role extends Message['role']>(
  { conversation }: CleanRow,
  role: Role,
): { index: number; message: Extract<Message, { role: Role }> }[] {
  const isOf = (message: Message): message is Extract<Message, { role: Role }> =>
    message.role === role;
  return conversation.messages.flatMap((message, index) =>
    isOf(message) ? [{ index, message }] : [],
  );
}

/** The assistant's texts without calls. */
export function statementsOf(row: CleanRow): { index: number; text: string }[] {
  return messagesOf(row, 'assistant').flatMap(({ index, message }) =>
    message.tool_calls === undefined && (message.content ?? '').trim() !== ''
      ? [{ index, text: message.content ?? '' }]
      : [],
  );
}

/** All that was said before a message: contents and arguments, in small letters. */
export function saidBefore({ messages }: Conversation, index: number): string {
  return messages
    .slice(0, index)
    .map((message) => {
      const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
      const args = calls.map((call) => call.function.arguments);
      return [message.content ?? '', ...args].join('\n');
    })
    .join('\n')
    .toLowerCase();
}
