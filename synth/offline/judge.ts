import type { Conversation } from '../../core/conversation.ts';
import type { JudgeAnswer } from '../stages/judge.ts';
import { judgeArguments } from './judging/arguments.ts';
import { judgeCapability } from './judging/capability.ts';
import { judgeContext } from './judging/context.ts';
import type { Fault } from './judging/fault.ts';

/** Examines a conversation by rules; the reason and the place are those of the first faulty message. */
export function judgeOffline(conversation: Conversation): JudgeAnswer {
  const faults = [
    ...judgeArguments(conversation),
    ...judgeCapability(conversation),
    ...judgeContext(conversation),
  ];
  const first = [...faults].sort((a, b) => a.message - b.message)[0];
  const free = (rubric: Fault['rubric']) =>
    faults.some((fault) => fault.rubric === rubric) ? 0 : 1;
  return {
    rubrics: {
      argument_values: free('argument_values'),
      capability: free('capability'),
      context: free('context'),
    },
    reason:
      first?.reason ??
      'Every value has a source, the rules are kept, and the reports match the results.',
    message_index: first?.message ?? null,
  };
}
