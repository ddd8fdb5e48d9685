import { z } from 'zod';
import type { Message, ToolCall } from '../../core/conversation.ts';
import { UsageError } from '../../core/errors.ts';
import { CallIds } from '../../core/formats/call-ids.ts';
import { type Exchange, exchangesOf, parseAs, parseJson } from '../../core/formats/exchanges.ts';
import { fromOpenAi } from '../../core/formats/openai.ts';
import type { DatasetRow, Split } from '../dataset-row.ts';
import type { Layout } from './layout.ts';
import { idsOf, layoutLine } from './layout-line.ts';

const SwiftMessage = z.object({
  role: z.enum(['system', 'user', 'assistant', 'tool_call', 'tool_response']),
  content: z.string(),
});
type SwiftMessage = z.infer<typeof SwiftMessage>;

const Line = z.object({
  id: z.string(),
  source_id: z.string(),
  messages: z.array(SwiftMessage),
  tools: z.string(),
});
const Call = z.object({ name: z.string(), arguments: z.record(z.string(), z.unknown()) });

/**
 * ms-swift's own roles: a message for each call and result, so that every value is a string and no row
 * has a member that another lacks. Reading gives call_1, call_2, ... as ids, null beside calls.
 */
export const swiftLayout: Layout = {
  trainer: 'swift',
  file,
  line: (row, task) => layoutLine(row, task, toColumns),
  read: (value) => {
    const line = parseAs(Line, value, 'ms-swift');
    return {
      ...idsOf(line),
      ...fromOpenAi({ messages: fromSwift(line.messages), tools: line.tools }),
    };
  },
  sidecars: () => [],
};

function file(split: Split): string {
  return `swift/${split}.jsonl`;
}

function toColumns(row: DatasetRow): Record<string, unknown> {
  // An empty string would be one tool of no name.
  const exchanges = exchangesOf(row);
  exchanges.forEach(({ role }, index) => {
    const before = exchanges[index - 1]?.role;
    const isSpeaker = role === 'user' || role === 'assistant';
    if (isSpeaker && before === role) {
      throw new UsageError(`ms-swift makes one turn of two ${role} messages in a row`);
    }
  });
  return { messages: exchanges.flatMap(toSwift), tools: JSON.stringify(row.tools) };
}

function toSwift(exchange: Exchange): SwiftMessage[] {
  if (exchange.role === 'tool') {
    return exchange.results.map(({ content }) => ({ role: 'tool_response', content }));
  }
  if (exchange.role !== 'assistant') return [{ role: exchange.role, content: exchange.content }];
  const { content, tool_calls = [] } = exchange.message;
  const calls = tool_calls.map(toSwiftCall);
  if (calls.length === 0) return [{ role: 'assistant', content: content ?? '' }];
  // Its template writes calls straight after the text, where Qwen3's puts a line end.
  return content ? [{ role: 'assistant', content: `${content}\n` }, ...calls] : calls;
}

function toSwiftCall({ function: { name, arguments: text } }: ToolCall): SwiftMessage {
  return { role: 'tool_call', content: `{"name": ${JSON.stringify(name)}, "arguments": ${text}}` };
}

function fromSwift(messages: readonly SwiftMessage[]): Message[] {
  const ids = new CallIds();
  const read: Message[] = [];
  let calling: { role: 'assistant'; content: string | null; tool_calls: ToolCall[] } | undefined;
  for (const [index, { role, content }] of messages.entries()) {
    if (role !== 'tool_call') calling = undefined;
    if (role === 'tool_call') {
      if (calling === undefined) {
        const text = read.at(-1)?.role === 'assistant' ? (read.pop()?.content ?? null) : null;
        calling = { role: 'assistant', content: text?.replace(/\n$/, '') ?? null, tool_calls: [] };
        read.push(calling);
        ids.turn([]);
      }
      const call = fromSwiftCall(content, ids.next());
      calling.tool_calls.push(call);
      ids.sameTurn([call.id]);
    } else if (role === 'tool_response') {
      const tool_call_id = ids.expected();
      if (tool_call_id === undefined) throw new UsageError(`message ${index} answers no call`);
      ids.answer(tool_call_id);
      read.push({ role: 'tool', tool_call_id, content });
    } else {
      read.push({ role, content });
    }
  }
  return read;
}

function fromSwiftCall(content: string, id: string): ToolCall {
  const { name } = parseAs(Call, parseJson(content, 'ms-swift'), 'ms-swift');
  const text = content.slice(content.indexOf('"arguments": ') + '"arguments": '.length, -1);
  return { id, type: 'function', function: { name, arguments: text } };
}
