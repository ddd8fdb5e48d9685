import type { Message } from '../../../core/conversation.ts';
import { choose } from './choose.ts';
import { inserted, messagesOf, replaced, statementsOf, withMessages } from './edit.ts';
import type { CleanRow, Mutation } from './mutation.ts';

/** Faults in the order of messages, and in how calls and results belong together. */
export const TURN_MUTATIONS: readonly Mutation[] = [
  {
    name: 'result missing',
    family: 'structure',
    codes: ['call_without_result'],
    mutate: (row, random) =>
      choose(messagesOf(row, 'tool'), random, ({ index }) => replaced(row, index)),
  },
  {
    name: 'result without call',
    family: 'structure',
    codes: ['tool_result_without_call'],
    mutate: (row, random) =>
      choose(statementsOf(row), random, ({ index }) =>
        inserted(row, index, { role: 'tool', tool_call_id: 'call_none', content: '{"ok": true}' }),
      ),
  },
  {
    name: 'result given twice',
    family: 'structure',
    codes: ['result_repeated'],
    mutate: (row, random) =>
      choose(messagesOf(row, 'tool'), random, ({ index, message }) =>
        inserted(row, index + 1, message),
      ),
  },
  {
    name: 'results of two turns swapped',
    family: 'structure',
    codes: ['tool_result_without_call'],
    mutate: (row, random) => {
      const single = messagesOf(row, 'tool').filter(({ index }) => isAlone(row, index));
      const [one, other] = random.shuffle(single);
      if (one === undefined || other === undefined) return null;
      // Where ids are used again, the swap may change nothing that can be told.
      if (one.message.tool_call_id === other.message.tool_call_id) return null;
      return swapped(row, one.index, other.index);
    },
  },
  {
    name: 'results of one turn swapped',
    family: 'structure',
    codes: ['results_out_of_order'],
    mutate: (row, random) =>
      choose(parallelResults(row), random, (index) => swapped(row, index, index + 1)),
  },
  {
    name: 'call id used twice',
    family: 'structure',
    codes: ['duplicate_call_id'],
    mutate: (row, random) => {
      const turns = messagesOf(row, 'assistant').filter(({ index, message }) => {
        return message.tool_calls?.length === 1 && isAlone(row, index + 1);
      });
      const [first, second] = random.shuffle(turns);
      const [call] = second?.message.tool_calls ?? [];
      const result = row.conversation.messages[(second?.index ?? 0) + 1];
      const id = first?.message.tool_calls?.[0]?.id;
      if (second === undefined || call === undefined || id === undefined || id === call.id)
        return null;
      const messages: unknown[] = [...row.conversation.messages];
      messages[second.index] = { ...second.message, tool_calls: [{ ...call, id }] };
      messages[second.index + 1] = { ...result, tool_call_id: id };
      return withMessages(row, messages);
    },
  },
  {
    name: 'tool result followed by the user',
    family: 'structure',
    codes: ['tool_then_user'],
    mutate: (row, random) =>
      choose(afterTool(row), random, (index) =>
        inserted(row, index, { role: 'user', content: 'And what now?' }),
      ),
  },
  {
    name: 'empty assistant',
    family: 'structure',
    codes: ['assistant_empty'],
    mutate: (row, random) =>
      choose(statementsOf(row), random, ({ index }) =>
        replaced(row, index, { role: 'assistant', content: random.pick(['', ' \n', null]) }),
      ),
  },
  {
    name: 'unknown role',
    family: 'structure',
    codes: ['role_unknown'],
    mutate: (row, random) =>
      choose(statementsOf(row), random, ({ index, text }) =>
        replaced(row, index, { role: random.pick(['bot', 'function', 'gpt']), content: text }),
      ),
  },
  {
    name: 'user not answered',
    family: 'structure',
    codes: ['user_not_answered'],
    mutate: (row, random) =>
      choose(messagesOf(row, 'user'), random, ({ index }) =>
        inserted(row, index, { role: 'user', content: 'One more thing.' }),
      ),
  },
  {
    name: 'assistant twice in a row',
    family: 'structure',
    codes: ['assistant_twice'],
    mutate: (row, random) =>
      choose(statementsOf(row), random, ({ index }) =>
        inserted(row, index, { role: 'assistant', content: 'One moment, please.' }),
      ),
  },
  {
    name: 'system message not first',
    family: 'structure',
    codes: ['system_not_first'],
    mutate: (row) => {
      const [first, second] = row.conversation.messages;
      if (first?.role !== 'system' || second === undefined) return null;
      return swapped(row, 0, 1);
    },
  },
  {
    name: 'user has the last word',
    family: 'structure',
    codes: ['last_not_assistant'],
    mutate: (row) => {
      const { messages } = row.conversation;
      if (messages.at(-1)?.role !== 'assistant') return null;
      return inserted(row, messages.length, { role: 'user', content: 'Thank you.' });
    },
  },
];

/** Whether a message is the only result of its turn. */
function isAlone({ conversation: { messages } }: CleanRow, index: number): boolean {
  const isTool = (message: Message | undefined): boolean => message?.role === 'tool';
  return isTool(messages[index]) && !isTool(messages[index - 1]) && !isTool(messages[index + 1]);
}

function parallelResults(row: CleanRow): number[] {
  const { messages } = row.conversation;
  return messagesOf(row, 'tool')
    .filter(({ index, message }) => {
      const next = messages[index + 1];
      return next?.role === 'tool' && next.tool_call_id !== message.tool_call_id;
    })
    .map(({ index }) => index);
}

function swapped(row: CleanRow, a: number, b: number) {
  const messages: unknown[] = [...row.conversation.messages];
  [messages[a], messages[b]] = [messages[b], messages[a]];
  return withMessages(row, messages);
}

/** Places after a tool result where the assistant speaks. */
function afterTool(row: CleanRow): number[] {
  const { messages } = row.conversation;
  return messagesOf(row, 'tool')
    .map(({ index }) => index + 1)
    .filter((index) => messages[index]?.role === 'assistant');
}
