import type { Conversation } from '../core/conversation.ts';
import type { Finding, JudgeVerdict } from '../core/trajectory.ts';

/**
 * Where a conversation is to be written anew from: the index of its first faulty message. 0, the whole with its tools,
 * where the fault lies in the tools or the system message, or nobody says where it lies.
 * @param deciding the findings that turned it down; [] where the judge did
 */
export function faultIndex(
  { messages }: Conversation,
  deciding: readonly Finding[],
  verdict: Pick<JudgeVerdict, 'message_index'> | null,
): number {
  const places =
    deciding.length > 0
      ? deciding.map((finding) => finding.message_index)
      : [verdict?.message_index];
  const first = Math.min(...places.map((place) => place ?? 0));
  const message = messages[first];
  return message === undefined || message.role === 'system' ? 0 : first;
}
