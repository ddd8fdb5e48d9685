import { jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { leavesOf } from '../grounding/leaves.ts';
import { type Sight, sightOf } from '../grounding/sight.ts';
import { jsonOf, shorten } from '../json-path.ts';
import type { Hit, Row } from '../row.ts';

/** What only an id looks like: HAT136, M05KNL, #W4410, mia_li_3668, EN-6677, 3358616356, an e-mail address. */
const ID =
  /(?<![\w@#./:-])(?:#[A-Z]{0,3}\d{3,}|[A-Z]{1,4}-?\d{3,}|(?=[A-Z0-9]{0,5}\d)(?=\d{0,5}[A-Z])[A-Z0-9]{6}|[a-z]+(?:_[a-z]+)*_\d{3,}|\d{7,15}|[\w.+-]{1,64}@[\w-]{1,60}(?:\.[\w-]{1,30}){1,3})(?![\w@-]|\.\d|\.[a-z])/g;

/** What comes before an id that only shows how ids look. */
const EXAMPLE =
  /(?:\be\.g\.|\bi\.e\.|\bexamples?\b|\binstance\b|\bsuch as\b|\b(?:looks?|something|formatted?|numbers?|ids?) like\b|\b(?:in the|a) format\b)[^\n\w]{0,6}(?:[\w']{1,12}[^\n\w]{1,4}){0,3}$/i;

/** The ids that a text names, with where they stand. */
export function idsIn(text: string): { id: string; start: number }[] {
  return [...text.matchAll(ID)].map((match) => ({ id: match[0], start: match.index }));
}

/** Ids in the assistant's texts that nothing before has given. */
export function unsupportedIds(row: Row): Hit[] {
  const sight = sightOf(row);
  const known = new Set<string>();
  const tools = new ToolTexts(row);
  const hits: Hit[] = [];
  for (const { index, role, content, calls } of row.messages) {
    if (role !== 'assistant') continue;
    for (const { id, start } of idsIn(content)) {
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
