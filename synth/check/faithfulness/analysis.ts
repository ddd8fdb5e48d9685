import type { Row } from '../row.ts';
import type { Fact } from './facts.ts';
import { type Contradiction, trace } from './match.ts';
import { Source } from './source.ts';
import { ruleSentences } from './system-rules.ts';

const passages = new Map<string, Source>();
const MAX_PASSAGES = 16;
const MAX_PASSAGE = 200_000;
const MAX_FACTS = 500;

/** The passage of a row; undefined where none is given. Read once for the rows that share it. */
export function passageOf({ context: { passage } }: Row): Source | undefined {
  if (passage === undefined || passage.trim() === '') return undefined;
  const text = passage.slice(0, MAX_PASSAGE);
  const read = passages.get(text) ?? new Source(text);
  passages.delete(text);
  passages.set(text, read);
  for (const oldest of passages.keys()) {
    if (passages.size <= MAX_PASSAGES) break;
    passages.delete(oldest);
  }
  return read;
}

/** What the rules in the system messages are in the light of the passage. */
export interface SystemTracing {
  contradictions: readonly (Contradiction & { message: number })[];
  invented: readonly { message: number; fact: Fact; sentence: string }[];
  /** How many facts the rules state. */
  total: number;
}

const NONE: SystemTracing = { contradictions: [], invented: [], total: 0 };
const known = new WeakMap<Row, SystemTracing>();

/** Traces the rules of a row's system messages to its passage; once a row. */
export function systemTracing(row: Row): SystemTracing {
  const traced = known.get(row) ?? traceSystem(row);
  known.set(row, traced);
  return traced;
}

function traceSystem(row: Row): SystemTracing {
  const passage = passageOf(row);
  if (passage === undefined) return NONE;
  const contradictions: (Contradiction & { message: number })[] = [];
  const invented: { message: number; fact: Fact; sentence: string }[] = [];
  let total = 0;
  for (const { role, content, index } of row.messages) {
    if (role !== 'system') continue;
    for (const sentence of ruleSentences(content)) {
      if (total > MAX_FACTS) break;
      const traced = trace(sentence, passage);
      total += traced.facts.length;
      for (const one of traced.contradictions) contradictions.push({ ...one, message: index });
      for (const fact of traced.invented)
        invented.push({ message: index, fact, sentence: sentence.text });
    }
  }
  return { contradictions, invented, total };
}
