import { errorMessage } from '../../core/errors.ts';
import type { Check } from './check.ts';
import { joinPath, shorten } from './json-path.ts';
import { languageKey, looksLike } from './language.ts';
import type { Hit, Row, RowMessage } from './row.ts';

const HOUSE_RULE = { gem: 'error', foreign: 'warning' } as const;

/** Whether texts are whole, real and in the language asked for. */
export const CONTENT_CHECKS: readonly Check[] = [
  {
    code: 'placeholder',
    title: 'A placeholder stands where a value should be',
    severity: HOUSE_RULE,
    paper: false,
    explanation:
      'Shortened lists, fill-in names and sample values were never returned or said by anybody.',
    fix: 'Write the whole list or a concrete value.',
    example: '{"books": ["Emma", "... 5 more results"]}',
    find: placeholders,
  },
  {
    code: 'content_cut',
    title: 'A text is cut off',
    severity: HOUSE_RULE,
    paper: true,
    explanation:
      "A tool's JSON or a tag ends in the middle: the answer it came from was cut by its length.",
    fix: 'Ask for the answer again with a larger limit.',
    example: 'tool: {"books": ["Emma", "Pers',
    find: ({ messages }) => messages.flatMap((message) => cutHit(message)),
  },
  {
    code: 'tool_result_not_json',
    title: 'A result begins like JSON and is none',
    severity: HOUSE_RULE,
    paper: false,
    explanation: 'A result that begins with an object or a list must parse as one.',
    fix: 'Mend the JSON: double quotes, no comments, no trailing commas.',
    example: "tool: {'found': 1}",
    find: ({ messages }) => messages.flatMap((message) => notJsonHit(message)),
  },
  {
    code: 'invalid_unicode',
    title: 'A text holds broken or control characters',
    severity: HOUSE_RULE,
    paper: false,
    explanation:
      'Halves of surrogate pairs, NUL and other control characters cannot be written to every format.',
    fix: 'Take the characters out, or decode the source as what it is.',
    example: 'user: caf\\ud83d',
    find: invalidTexts,
  },
  {
    code: 'language_mismatch',
    title: 'A message is in another language than asked',
    severity: HOUSE_RULE,
    paper: false,
    explanation:
      "The script or the commonest little words of a user or assistant message are another language's.",
    fix: 'Write the message in the language of the conversation.',
    example:
      'asked: English. assistant: Das Buch ist nicht da, aber ich kann es für Sie bestellen.',
    find: otherLanguages,
  },
];

/** What a placeholder looks like, by a piece of it in small letters: looking for that first is quick. */
const PLACEHOLDERS: readonly (readonly [string, RegExp])[] = [
  [
    '...',
    /\.{3}\s?\(?(?:and )?\d{0,6}\s?(?:more|other|additional|remaining)\b[^.\n"]{0,40}\b(?:results?|items?|entries|records|rows)\b/i,
  ],
  [
    ' more ',
    /\b(?:\d{1,6}|several|some) more (?:results?|items?|entries|records|rows) (?:here|omitted|not shown|truncated)\b/i,
  ],
  [
    ' of ',
    /\b(?:rest|remainder) of (?:the )?(?:results?|list|items|entries|records) (?:omitted|truncated)\b/i,
  ],
  ['lorem', /\blorem ipsum\b/i],
  ['your', /\byour_[a-z0-9_]{1,40}_here\b|\byour[-_](?:api[-_]key|user[-_]id|token|password)\b/i],
  ['example.', /\b(?:https?:\/\/|www\.)example\.(?:com|org|net)\b/i],
  ['/path/', /\/path\/to\/[\w.-]/i],
  ['insert', /<insert\s[^<>\n]{1,60}>|\[insert\s[^[\]\n]{1,60}\]/i],
  [
    '[',
    /\[(?:(?:Your|Customer|User|Client|Patient|Guest|Company|First|Last|Full)(?:'s)? )?(?:Name|Date|Address|Email|Phone Number|Order Number|Order ID|Account Number)\]/,
  ],
];

function placeholders({ messages, calls, context }: Row): Hit[] {
  const texts = [
    ...messages.map(({ index, content }) => ({ index, path: 'content', text: content })),
    ...calls.map(({ message, path, text }) => ({
      index: message,
      path: `${path}.function.arguments`,
      text,
    })),
  ];
  return texts.flatMap(({ index, path, text }) => {
    const lower = text.toLowerCase();
    return PLACEHOLDERS.flatMap(([piece, pattern]) => {
      const match = lower.includes(piece) ? pattern.exec(text) : null;
      if (match === null || context.passage?.includes(match[0])) return [];
      return [{ message_index: index, path, text: `"${shorten(match[0])}"` }];
    });
  });
}

/** Begins like an object or a list with something in it, not like "[note] ..." or "{name}, hello". */
const JSON_START = /^\s*(?:\{\s*["'}]|\[\s*["'{[\]\d-])/;

function notJsonHit(message: RowMessage): Hit[] {
  const problem = jsonProblem(message);
  if (problem === null || isCutJson(message.content)) return [];
  return [hit(message, `${problem}: ${shorten(message.content)}`)];
}

function cutHit(message: RowMessage): Hit[] {
  if (jsonProblem(message) !== null && isCutJson(message.content)) {
    return [hit(message, `the JSON ends with ${shorten(message.content.slice(-40))}`)];
  }
  const tail = message.content.slice(-60);
  const tag = /<\/?(?:toolsets|system|user|assistant|tool|func|think|tool_call)?$/.exec(
    tail.trimEnd(),
  );
  const isTag = tag !== null && (tag[0].length > 2 || tag[0] === '</');
  return isTag ? [hit(message, `the text ends inside of a tag: ${shorten(tail)}`)] : [];
}

/** What is wrong with a result that begins like JSON; null for all others. */
function jsonProblem({ role, content }: RowMessage): string | null {
  if (role !== 'tool' || !JSON_START.test(content)) return null;
  try {
    JSON.parse(content);
    return null;
  } catch (error) {
    return shorten(errorMessage(error), 160);
  }
}

/** Whether a text that is no JSON has more opened than closed when it ends. */
function isCutJson(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (sign === '"') {
      at += 1;
      while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1;
      if (at >= text.length) return true;
    } else if (sign === '{' || sign === '[') depth += 1;
    else if (sign === '}' || sign === ']') depth -= 1;
  }
  return depth > 0;
}

// Tab, newline and carriage return are text; the other control characters are not.
const BROKEN = /\p{Surrogate}|[^\P{Cc}\t\n\r\u0080-\u009f]/u;

function invalidTexts({ messages, calls }: Row): Hit[] {
  return [
    ...messages
      .filter(({ content }) => BROKEN.test(content))
      .map((message) => hit(message, codeOf(message.content))),
    ...calls
      .filter(({ text }) => BROKEN.test(text))
      .map(({ message, path, text }) => ({
        message_index: message,
        path: `${path}.function.arguments`,
        text: codeOf(text),
      })),
  ];
}

function codeOf(text: string): string {
  const at = text.search(BROKEN);
  const code = text.charCodeAt(at).toString(16).padStart(4, '0');
  return `the character U+${code.toUpperCase()} at ${joinPath('', at)}`;
}

function otherLanguages({ messages, context }: Row): Hit[] {
  const asked = context.language === null ? undefined : languageKey(context.language);
  if (asked === undefined) return [];
  return messages
    .filter(({ role }) => role === 'user' || role === 'assistant' || role === 'system')
    .flatMap((message) => {
      const other = looksLike(message.content, asked);
      return other === null
        ? []
        : [hit(message, `${other}, not ${asked}: ${shorten(message.content)}`)];
    });
}

function hit({ index }: RowMessage, text: string): Hit {
  return { message_index: index, path: 'content', text };
}
