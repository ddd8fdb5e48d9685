import { jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { leavesOf } from '../grounding/leaves.ts';
import { type Sight, sightOf } from '../grounding/sight.ts';
import { jsonOf, shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';
import { idsOf } from './message-reading.ts';

/** What comes before an id that only shows how ids look. */
const EXAMPLE =
  /(?:\be\.g\.|\bi\.e\.|\bexamples?\b|\binstance\b|\bsuch as\b|\b(?:looks?|something|formatted?|numbers?|ids?) like\b|\b(?:in the|a) format\b)[^\n\w]{0,6}(?:[\w']{1,12}[^\n\w]{1,4}){0,3}$/i;

/** Ids in the assistant's texts that nothing before has given. */
export function unsupportedIds(row: Row): Hit[] {
  const sight = sightOf(row);
  const known = new Set<string>();
  const tools = new ToolTexts(row);
  const hits: Hit[] = [];
  for (const message of row.messages) {
    const { index, role, content, calls } = message;
    if (role !== 'assistant') continue;
    for (const { id, start } of idsOf(message)) {
      if (EXAMPLE.test(content.slice(Math.max(0, start - 60), start))) continue;
      if (known.has(id) || isInSight(id, sight, index) || tools.mention(id)) continue;
      known.add(id);
      const text = `${shorten(id, 60)} was neither said nor returned before`;
      hits.push({ message_index: index, path: 'content', text });
    }
    for (const call of calls) {
      for (const { value } of leavesOf(jsonOrUndefined(call.text))) known.add(String(value));
    }
  }
  return hits;
}

function isInSight(id: string, sight: Sight, before: number): boolean {
  return sight.phrase(id, before) !== undefined || sight.number(Number(id), before) !== undefined;
}

/** An id that a tool's description gives as an example may be named as one. */
class ToolTexts {
  readonly #row: Row;
  #text: string | undefined;

  constructor(row: Row) {
    this.#row = row;
  }

  mention(id: string): boolean {
    this.#text ??= jsonOf(this.#row.context.conversation.tools);
    return this.#text.includes(id);
  }
}
