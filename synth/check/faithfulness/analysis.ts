import type { Row } from '../row.ts';
import { type OtherAudience, otherAudiences } from './audience.ts';
import { turnedLimits } from './direction.ts';
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
  return sourceOf(passage);
}

/** A text to hold others against; read once while it is in use. */
export function sourceOf(whole: string): Source {
  const text = whole.slice(0, MAX_PASSAGE);
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
  /** Limits that are the most here and the least there. */
  turned: readonly (Contradiction & { message: number })[];
  /** Rules for others than the passage's. */
  audiences: readonly (OtherAudience & { message: number })[];
  /** How many facts the rules state. */
  total: number;
}

const NONE: SystemTracing = {
  contradictions: [],
  invented: [],
  turned: [],
  audiences: [],
  total: 0,
};
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
  const turned: (Contradiction & { message: number })[] = [];
  const audiences: (OtherAudience & { message: number })[] = [];
  let total = 0;
  for (const { role, content, index } of row.messages) {
    if (role !== 'system') continue;
    const sentences = ruleSentences(content);
    for (const one of otherAudiences(sentences, passage))
      audiences.push({ ...one, message: index });
    for (const sentence of sentences) {
      if (total > MAX_FACTS) break;
      const traced = trace(sentence, passage);
      total += traced.facts.length;
      for (const one of traced.contradictions) contradictions.push({ ...one, message: index });
      for (const one of turnedLimits(sentence, passage)) turned.push({ ...one, message: index });
      for (const fact of traced.invented)
        invented.push({ message: index, fact, sentence: sentence.text });
    }
  }
  return { contradictions, invented, turned, audiences, total };
}
