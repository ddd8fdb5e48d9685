import { readSentences, type Sentence } from './sentences.ts';

const SCHEMA_HEADING =
  /^[\s#*>-]{0,8}(?:\d{1,2}[.)] *)?(?:the )?(?:(?:database|data|db|table|record)s?(?: (?:schema|model|structure|tables?|layout))?|schemas?|tables?|records?|entities|collections)\b[^.]{0,60}?(?::|\*\*|$)/i;
const HEADING = /^(?:#{1,6} |\*\*[^*]{1,80}\*\*:?\s*$|[A-Z][^.:!?]{1,60}:\s*$)/;
const TYPED =
  /\b(?:string|integer|int|number|numeric|text|varchar|char|boolean|bool|date(?:time)?|timestamp|float|decimal|enum|uuid|json|array|object|pk|fk|primary key|foreign key)\b/gi;
const FIELD = /\b[a-z]+(?:_[a-z0-9]+)+\b/g;
const NOW =
  /\b(?:today(?:'s)?|current) (?:is|date|day|time)\b|\bthe (?:current )?(?:date|time) is\b|\bas of (?:today|now)\b/i;

/** The sentences of a system message that may state rules: neither its database schema nor today's date. */
export function ruleSentences(system: string): Sentence[] {
  return readSentences(withoutSchema(system)).filter(({ text }) => !NOW.test(text));
}

/** Blanks the lines of a schema, so that offsets stay. */
function withoutSchema(text: string): string {
  let inFence = false;
  let inSchema = false;
  return text
    .split('\n')
    .map((line) => {
      const isFence = /^\s{0,8}(?:```|~~~)/.test(line);
      if (isFence) inFence = !inFence;
      if (SCHEMA_HEADING.test(line)) inSchema = true;
      else if (HEADING.test(line)) inSchema = false;
      const isSchema = isFence || inFence || (inSchema && isSchemaLine(line)) || isTyped(line);
      return isSchema ? ' '.repeat(line.length) : line;
    })
    .join('\n');
}

/** In a section about the schema, a line that is no plain sentence. */
function isSchemaLine(line: string): boolean {
  if (SCHEMA_HEADING.test(line)) return true;
  return /^\s*(?:[-*•|]|\d+[.)]|\w+ ?[({:])/.test(line) || line.includes('_') || line.includes('|');
}

/** A line that lists fields with their types. */
function isTyped(line: string): boolean {
  const head = line.slice(0, 2000);
  const types = head.match(TYPED)?.length ?? 0;
  const fields = head.match(FIELD)?.length ?? 0;
  return (types >= 2 && fields >= 2) || (fields >= 4 && /[({]/.test(head));
}
