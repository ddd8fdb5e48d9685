import { isDeepStrictEqual } from 'node:util';
import type { Conversation } from '../core/conversation.ts';
import { shownText } from '../core/formats/passage-block.ts';
import { documentId } from '../core/passage.ts';
import {
  readSynthesizerAnswer,
  synthesizerPrompt,
  synthesizerTarget,
} from '../core/synthesizer.ts';
import type { Finding, Trajectory } from '../core/trajectory.ts';
import { checkConversation } from '../synth/check/run-checks.ts';
import type { DatasetRow, DatasetTask } from './dataset-row.ts';

/** A trajectory as a row of a dataset, and the conversation that can be read out of it; or why it cannot be one. */
export type MadeRow =
  | { ok: true; row: DatasetRow; conversation: Conversation }
  | { ok: false; reason: string };

/**
 * Makes the row of a trajectory for a task. A synthesizer's target is printed, read back and compared: what a model
 * learns to write is what we can read.
 */
export function makeRow({ id, messages, tools, source }: Trajectory, task: DatasetTask): MadeRow {
  const own = { id, source_id: documentId(source) };
  if (task === 'agent')
    return { ok: true, row: { ...own, messages, tools }, conversation: { messages, tools } };
  const target = synthesizerTarget({ messages, tools });
  const parsed = readSynthesizerAnswer(target);
  if (!parsed.ok) return { ok: false, reason: `its tagged text cannot be read: ${parsed.problem}` };
  const { conversation } = parsed;
  if (!isDeepStrictEqual(conversation, { messages: trimmed(messages), tools }))
    return { ok: false, reason: 'its tagged text does not read back as the same trajectory' };
  const pair: DatasetRow['messages'] = [
    { role: 'user', content: synthesizerPrompt(source) },
    { role: 'assistant', content: target },
  ];
  return { ok: true, row: { ...own, messages: pair, tools: [] }, conversation };
}

/**
 * What today's checks find in the conversation of a row: those of the run may be older.
 * @param language the language that the run asked for
 */
export function recheck(
  { workflow, patterns, provenance, source }: Trajectory,
  conversation: Conversation,
  language: string,
): Finding[] {
  return checkConversation({
    conversation,
    refined: provenance.ablation.refine,
    profile: 'gem',
    language,
    patterns: patterns.asked,
    workflow: workflow ?? undefined,
    passage: shownText(source),
  });
}

/** Reading takes blanks at the edges of messages away, which carry no meaning; all else must be the same. */
function trimmed(messages: Trajectory['messages']): Trajectory['messages'] {
  return messages.map((message) =>
    message.content === null ? message : { ...message, content: message.content.trim() },
  );
}
