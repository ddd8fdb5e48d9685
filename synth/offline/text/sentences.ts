/** A sentence, heading or list item of a passage; `text` is a substring of it, letter for letter. */
export interface Sentence {
  text: string;
  kind: 'heading' | 'step' | 'item' | 'prose';
  /** Index of the heading that it stands under, -1 before the first. */
  section: number;
}

/**
 * The sentences of a passage in order. Numbered lines are steps, dashes and bullets items, short lines
 * without an end mark headings. A sentence that is broken over lines keeps its line breaks.
 */
export function splitSentences(passage: string): Sentence[] {
  const sentences: Sentence[] = [];
  let section = -1;
  for (const { text, marker } of joinLines(passage)) {
    const kind = kindOf(text, marker);
    if (kind === 'heading') section += 1;
    for (const part of kind === 'heading' ? [text] : cutSentences(text)) {
      sentences.push({ text: part, kind, section });
    }
  }
  return sentences;
}

const MARKER = /^\s*(?:(\d{1,2}|[a-h]|[ivx]{1,4})[.)]|(step \d+[.:]?)|([-*•–]))\s+/i;

interface Block {
  text: string;
  marker: 'step' | 'item' | undefined;
}

/** Lines joined to paragraphs: a line that begins neither a list item nor a sentence goes on with the last one. */
function joinLines(passage: string): Block[] {
  const blocks: Block[] = [];
  let open = false;
  for (const line of passage.split('\n')) {
    if (line.trim() === '') {
      open = false;
      continue;
    }
    const marker = MARKER.exec(line);
    const last = blocks.at(-1);
    if (marker === null && open && last !== undefined && goesOn(last.text, line)) {
      last.text += `\n${line}`;
      continue;
    }
    const kind = marker === null ? undefined : marker[3] === undefined ? 'step' : 'item';
    blocks.push({ text: marker === null ? line : line.slice(marker[0].length), marker: kind });
    open = true;
  }
  return blocks.map((block) => ({ ...block, text: block.text.trim() }));
}

/** Whether a line continues the text before it. */
function goesOn(before: string, line: string): boolean {
  if (/^\s*[a-z(]/.test(line)) return true;
  return !/[.!?:;]["')\]]?\s*$/.test(before) && lastLine(before).length > 55;
}

function lastLine(text: string): string {
  return text.slice(text.lastIndexOf('\n') + 1);
}

function kindOf(text: string, marker: Block['marker']): Sentence['kind'] {
  if (marker !== undefined) return marker;
  const isShort = text.length <= 90 && !text.includes('\n') && text.split(' ').length <= 12;
  return isShort && !/[.!;,:]["')]?$/.test(text) ? 'heading' : 'prose';
}

const ABBREVIATION =
  /\b(?:[eE]\.g|[iI]\.e|etc|vs|approx|max|min|[nN]o|[dD]r|[mM]r|[mM]rs|[mM]s|[sS]t|[fF]ig|[iI]nc|a\.m|p\.m|dept|hrs)\.$|(?:^|\s)[A-Z]\.$/;

function cutSentences(text: string): string[] {
  const parts: string[] = [];
  let start = 0;
  for (const match of text.matchAll(/[.!?]["')\]]?(?=\s+["'(]?[A-Z0-9])/g)) {
    const end = match.index + match[0].length;
    if (
      ABBREVIATION.test(text.slice(start, end)) &&
      !/\b(?:etc|a\.m|p\.m)\.$/i.test(text.slice(start, end))
    )
      continue;
    parts.push(text.slice(start, end).trim());
    start = end;
  }
  parts.push(text.slice(start).trim());
  return parts.filter((part) => part !== '');
}
