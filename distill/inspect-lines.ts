import type { ChatTokenizer } from '../core/text/tokenizer.ts';
import type { FoundDatasetRow } from './find-dataset-row.ts';
import type { InspectedRow, Segment } from './inspect.ts';

/** What tells trained text from the rest: colour on a terminal, marks elsewhere. */
export type Marking = 'colour' | 'marks';

/** An inspected row for people: where it stands, how long it is, what may be wrong, its text. */
export function inspectLines(
  found: FoundDatasetRow,
  inspected: InspectedRow,
  tokenizer: ChatTokenizer | null,
  marking: Marking,
): string[] {
  const { row, trainer, split, index, file, manifest } = found;
  const { segments, problems, tellsTrained } = inspected;
  const shown = tellsTrained ? marked(segments, marking) : unmarked(segments, marking);
  return [
    `row ${index} of ${split} (${file}, a row ${trainer} reads for the ${manifest.task} task)`,
    `id ${row.id}, source ${row.source_id}`,
    lengthLine(inspected, tokenizer, manifest.settings.max_tokens),
    ...otherTokenizer(found, tokenizer),
    ...problems.map(
      ({ code, token, where }) =>
        `problem ${code}: ${where} holds ${token}, which is read as a mark of the chat, not as text`,
    ),
    shown.legend,
    '',
    shown.text,
  ];
}

function lengthLine(
  { tokens, trainedTokens, estimated, rendered }: InspectedRow,
  tokenizer: ChatTokenizer | null,
  limit: number,
): string {
  const by = tokenizer === null ? 'from characters: no tokenizer' : `by ${tokenizer.name}`;
  const through = rendered === 'messages' ? 'without a chat template' : 'through its chat template';
  const kind = estimated ? 'estimated tokens' : 'tokens';
  const over = tokens > limit ? `; over the dataset's --max-tokens ${whole(limit)}` : '';
  return `${whole(tokens)} ${kind}, ${whole(trainedTokens)} of them trained (${by}, ${through})${over}`;
}

/** Figures of another tokenizer than the dataset's do not agree with its manifest. */
function otherTokenizer({ manifest }: FoundDatasetRow, tokenizer: ChatTokenizer | null): string[] {
  const counted = manifest.tokenizer ?? manifest.estimated_with;
  if (counted === null || tokenizer === null || counted.sha256 === tokenizer.sha256) return [];
  const sha256 = counted.sha256.slice(0, 12);
  return [`the dataset was counted with another tokenizer: ${counted.name}, sha256 ${sha256}`];
}

interface Shown {
  legend: string;
  text: string;
}

function marked(segments: readonly Segment[], marking: Marking): Shown {
  if (marking === 'colour') {
    const text = segments.map(({ text, trained }) =>
      trained ? green(visible(text)) : visible(text),
    );
    return { legend: `${green('trained text is green')}`, text: text.join('') };
  }
  const { open, close } = freeMarks(segments.map(({ text }) => text).join(''));
  const text = segments.map(({ text, trained }) => (trained ? `${open}${text}${close}` : text));
  return { legend: `trained text stands between ${open} and ${close}`, text: text.join('') };
}

function unmarked(segments: readonly Segment[], marking: Marking): Shown {
  const text = segments.map((segment) => segment.text).join('');
  const legend =
    'what is trained is not marked: the chat template has no generation tags and is not ChatML';
  return { legend, text: marking === 'colour' ? visible(text) : text };
}

const PAIRS = ['«»', '⟦⟧', '⦃⦄', '❰❱'];

/** Marks that the text does not hold: a pair of signs, doubled and tripled until one is free. */
function freeMarks(text: string): { open: string; close: string } {
  for (let times = 1; ; times += 1)
    for (const [opening = '', closing = ''] of PAIRS) {
      const open = opening.repeat(times);
      const close = closing.repeat(times);
      if (!text.includes(open) && !text.includes(close)) return { open, close };
    }
}

/** A line at a time, so that a pager keeps the colour. */
function green(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? '' : `\u001b[32m${line}\u001b[39m`))
    .join('\n');
}

/** Control characters as signs for them: text from elsewhere must not steer the terminal. */
function visible(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (control) => {
    const code = control.charCodeAt(0);
    if (code === 0x7f) return '\u2421';
    return code < 0x20 ? String.fromCharCode(0x2400 + code) : '\ufffd';
  });
}

function whole(value: number): string {
  return value.toLocaleString('en-US');
}
