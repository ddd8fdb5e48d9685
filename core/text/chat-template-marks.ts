/** A range of a text in UTF-16 units, its end excluded. */
export interface Span {
  start: number;
  end: number;
}

/** What stands in a rendered text where a generation block begins and ends. */
export interface Marks {
  start: string;
  end: string;
}

const GENERATION = /(^[ \t]*)?\{%(-?)\s*(end)?generation\s*(-?)%\}(\n?)/gm;

/**
 * A template whose `{% generation %}` and `{% endgeneration %}` tags write the variables `start` and `end`;
 * a template without them comes back as it is. Blanks around a tag are kept or removed as transformers'
 * settings (trim_blocks, lstrip_blocks) would.
 */
export function markGeneration(template: string): string {
  return template.replace(
    GENERATION,
    (_tag, indent: string | undefined, left: string, isEnd: string | undefined, right: string) => {
      const before = left === '-' ? (indent ?? '') : '';
      return `${before}{{${left} ${isEnd === undefined ? START : END} ${right}}}`;
    },
  );
}

const START = 'gem_traj_start';
const END = 'gem_traj_end';

// Noncharacters: no text means anything by them.
const HEAD = '\uFDD0';
const START_TAIL = '\uFDD1';
const END_TAIL = '\uFDD2';

/** Marks that a text does not hold, whatever it holds. */
export function unusedMarks(text: string): Marks {
  let start = HEAD + START_TAIL;
  let end = HEAD + END_TAIL;
  while (text.includes(start) || text.includes(end)) {
    start += START_TAIL;
    end += END_TAIL;
  }
  return { start, end };
}

/** The variables by which a template marked with `markGeneration` writes them. */
export function markVariables({ start, end }: Marks): Record<string, string> {
  return { [START]: start, [END]: end };
}

/** Takes the marks out of a text and tells where they stood. */
export function splitMarks(
  marked: string,
  { start, end }: Marks,
): { text: string; trained: Span[] } {
  const [before = '', ...rest] = marked.split(start);
  let text = before;
  const trained: Span[] = [];
  for (const part of rest) {
    const [inside = '', ...outside] = part.split(end);
    trained.push({ start: text.length, end: text.length + inside.length });
    text += inside + outside.join('');
  }
  return { text, trained };
}
