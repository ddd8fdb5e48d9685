import type { Conversation, Message } from '../conversation.ts';
import { hashValue } from '../hash.ts';
import type { Trajectory } from '../trajectory.ts';

/** A pair for preference training, in the columns of TRL's conversational preference datasets. */
export interface PreferencePair {
  /** The row's id and the number of the version that was rejected, from 1. */
  id: string;
  source_id: string;
  prompt: Message[];
  chosen: Message[];
  rejected: Message[];
  /** The tool definitions as JSON. */
  tools: string;
}

/** A version that makes no pair, and why. */
export interface NoPair {
  id: string;
  reason: string;
}

/**
 * The pairs of an accepted row that was mended: each earlier version against the last. Both continue the same prompt,
 * the messages that they share. The prompt ends with a user message or a tool result and both continuations begin with
 * an assistant message, as trainers need it: where the first difference is a tool result or a user message, the
 * assistant message before it opens both. Without a shared prompt (other tools, another system or first user message)
 * there is no pair.
 */
export function preferencePairs(row: Trajectory): (PreferencePair | NoPair)[] {
  const last: Conversation = { messages: row.messages, tools: row.tools };
  return versionsBefore(row).map((version, index) => {
    const id = `${row.id}.${index + 1}`;
    const sameTools = hashValue(version.tools) === hashValue(last.tools);
    if (sameTools && hashValue(version.messages) === hashValue(last.messages))
      return { id, reason: 'the versions say the same' };
    const start = sameTools ? splitAt(last.messages, version.messages) : undefined;
    if (start === undefined) return { id, reason: NO_PROMPT };
    return {
      id,
      source_id: row.source.id,
      prompt: last.messages.slice(0, start),
      chosen: last.messages.slice(start),
      rejected: version.messages.slice(start),
      tools: JSON.stringify(last.tools),
    };
  });
}

const NO_PROMPT =
  'the versions have other tools, or differ from the system or first user message on: they share no prompt';

/** The versions of a row that were turned down, first to last, each rebuilt from the one after it. */
function versionsBefore({ messages, tools, repair }: Trajectory): Conversation[] {
  const versions: Conversation[] = [];
  let next: Conversation = { messages, tools };
  for (const round of (repair ?? []).toReversed()) {
    next = {
      messages: [...next.messages.slice(0, round.fault_index), ...round.messages],
      tools: round.tools ?? next.tools,
    };
    versions.unshift(next);
  }
  return versions;
}

/** The last place up to the first difference where the assistant answers somebody in both; undefined where there is none. */
function splitAt(chosen: readonly Message[], rejected: readonly Message[]): number | undefined {
  let start = 0;
  while (start < Math.min(chosen.length, rejected.length) && same(chosen[start], rejected[start]))
    start += 1;
  for (; start > 0; start -= 1) {
    const before = chosen[start - 1]?.role;
    const begins = chosen[start]?.role === 'assistant' && rejected[start]?.role === 'assistant';
    if (begins && (before === 'user' || before === 'tool')) return start;
  }
  return undefined;
}

const same = (one: Message | undefined, other: Message | undefined): boolean =>
  hashValue(one ?? null) === hashValue(other ?? null);
