import { z } from 'zod';
import { Conversation, ToolDefinition } from '../../core/conversation.ts';
import { parseTagged } from '../../core/formats/tagged-parse.ts';
import { findPatterns } from '../check/patterns.ts';
import { parseJsonAnswer } from '../stages/answer.ts';
import { readBlocks } from '../stages/blocks.ts';
import { OfflineTeacherError } from './errors.ts';
import { judgeArguments } from './judging/arguments.ts';
import { judgeCapability } from './judging/capability.ts';
import { judgeContext } from './judging/context.ts';
import type { TaskPrompt } from './request.ts';

/** Answers which of a prompt's two conversations is better: the one with fewer faults, then the one that shows more. */
export function answerPreference(prompt: TaskPrompt): string {
  const [first, second, ...others] = conversationsOf(prompt.text);
  if (first === undefined || second === undefined || others.length > 0)
    throw new OfflineTeacherError(
      'the prompt of task prefer must have two <tools> and two <trajectory> blocks',
    );
  const { winner, reason } = prefer(first, second);
  return `<reason>${reason}</reason>\n<winner>${winner}</winner>`;
}

function prefer(
  first: Conversation,
  second: Conversation,
): { winner: 'first' | 'second' | 'tie'; reason: string } {
  const faults = faultsOf(second) - faultsOf(first);
  if (faults !== 0)
    return { winner: faults > 0 ? 'first' : 'second', reason: 'The other one has more faults.' };
  const patterns = findPatterns(first).length - findPatterns(second).length;
  if (patterns !== 0)
    return {
      winner: patterns > 0 ? 'first' : 'second',
      reason: 'Both have as many faults, and it shows more kinds of difficulty.',
    };
  return { winner: 'tie', reason: 'Both have as many faults and show as much.' };
}

function faultsOf(conversation: Conversation): number {
  return [judgeArguments, judgeCapability, judgeContext].reduce(
    (sum, find) => sum + find(conversation).length,
    0,
  );
}

function conversationsOf(text: string): Conversation[] {
  const tools = readBlocks(text, 'tools').map(readTools);
  return readBlocks(text, 'trajectory').map((tagged, index) => {
    const parsed = parseTagged(tagged, { tools: tools[index] ?? [] });
    if (parsed.ok) return Conversation.parse(parsed.conversation);
    throw new OfflineTeacherError(
      `the <trajectory> ${index + 1} of task prefer cannot be read: ${parsed.problem}`,
    );
  });
}

function readTools(text: string): ToolDefinition[] {
  const json = parseJsonAnswer(text);
  const tools = z.array(ToolDefinition).safeParse(json.ok ? json.value : undefined);
  if (tools.success) return tools.data;
  throw new OfflineTeacherError('the <tools> of task prefer cannot be read');
}
