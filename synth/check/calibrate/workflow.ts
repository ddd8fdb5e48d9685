import type { Message } from '../../../core/conversation.ts';
import { callsOf, withMessages } from './edit.ts';
import type { Mutation } from './mutation.ts';

/** Calls in another order than the workflow's. */
export const WORKFLOW_MUTATIONS: readonly Mutation[] = [
  {
    name: 'order of two steps violated',
    family: 'workflow',
    codes: ['graph_order_broken'],
    mutate: (row, random) => {
      const { workflow, conversation } = row;
      if (workflow === undefined) return null;
      const steps = stepNames(workflow.graph);
      const calls = callsOf(conversation).filter(
        ({ call, message }) =>
          steps.includes(call.function.name) && isAlone(conversation.messages, message),
      );
      const firsts = calls.filter(
        ({ call }, index) =>
          calls.findIndex((one) => one.call.function.name === call.function.name) === index,
      );
      const start = firsts.length < 2 ? -1 : random.int(0, firsts.length - 2);
      const [one, other] = firsts.slice(start, start + 2);
      if (start < 0 || one === undefined || other === undefined) return null;
      // The calls change places, with their results: turns of one call each.
      const messages: unknown[] = [...conversation.messages];
      for (const offset of [0, 1]) {
        messages[one.message + offset] = conversation.messages[other.message + offset];
        messages[other.message + offset] = conversation.messages[one.message + offset];
      }
      return withMessages(row, messages);
    },
  },
];

/** Whether a message's only call is answered right after it. */
function isAlone(messages: readonly Message[], index: number): boolean {
  const message = messages[index];
  const isSingle = message?.role === 'assistant' && message.tool_calls?.length === 1;
  return isSingle && messages[index + 1]?.role === 'tool';
}

function stepNames(graph: string): string[] {
  return graph.match(/[A-Za-z0-9_-]+/g)?.filter((name) => /[A-Za-z]/.test(name)) ?? [];
}
