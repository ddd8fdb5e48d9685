import type { Check } from './check.ts';
import { shorten } from './json-path.ts';
import type { Hit, Row, RowMessage } from './row.ts';

/** Whether texts hold what belongs to a format or to our prompts and not to a conversation. */
export const MARKUP_CHECKS: readonly Check[] = [
  {
    code: 'role_tag_in_content',
    title: 'A tag of the tagged format is left in a text',
    severity: { gem: 'error', foreign: 'warning' },
    paper: true,
    explanation:
      'Tags such as </assistant>, or <user> at the beginning of a line, say that two messages ran into each other.',
    fix: 'Split the messages where the tags stand, or take the tags out.',
    example: 'assistant: Done.</assistant> <user> Thanks.',
    find: (row) => scan(row, OUR_TAGS, '<'),
  },
  {
    code: 'markup_in_content',
    title: 'Markup of a chat template or a think block is left in a text',
    severity: { gem: 'error', foreign: 'error' },
    paper: false,
    explanation:
      "Tokens of chat templates, tool_call tags and think blocks are the trainer's to write; in content they teach a model to write them as text.",
    fix: 'Take the markup out; make a call of what is one.',
    example: '<think>The user wants a book.</think> Here it is.',
    find: (row) => [...scan(row, TEMPLATE_ANGLES, '<'), ...scan(row, TEMPLATE_BRACKETS, '[')],
  },
  {
    code: 'call_as_text',
    title: 'A call is written as text',
    severity: { gem: 'error', foreign: 'error' },
    paper: false,
    explanation:
      "The assistant's text holds a JSON object with a name and arguments: a call that nobody ran.",
    fix: 'Make it a call with a result, or take it out.',
    example: 'assistant: {"name": "find_book", "arguments": {"title": "Emma"}}',
    find: (row) => scan(row, CALL_OBJECT, '"', ({ role }) => role === 'assistant'),
  },
  {
    code: 'prompt_leak',
    title: 'Words of our prompts stand in a text',
    severity: { gem: 'error', foreign: 'warning' },
    paper: false,
    explanation:
      "The conversation speaks of the task of writing it: headings or blocks of a stage's prompt, or the passage it was given.",
    fix: 'Write the message anew, as somebody inside the conversation would.',
    example: 'system: You write one realistic conversation between a user and an assistant.',
    find: (row) => scan(row, PROMPT_WORDS, ''),
  },
];

const OUR_TAGS =
  /<\/(?:toolsets|system|user|assistant|tool|func)>|^[ \t]*<(?:toolsets|system|user|assistant|tool)>|<func>/m;

const TEMPLATE_ANGLES =
  /<\/?(?:think|thinking|tool_calls?|tool_response|function_calls?|function_results|start_of_turn|end_of_turn|s)>|<\|[a-z_]{1,40}\|>|<｜[^｜\n]{1,40}｜>|<<\/?SYS>>|<function=/i;

const TEMPLATE_BRACKETS = /\[\/?INST\]|\[(?:TOOL_CALLS|AVAILABLE_TOOLS|TOOL_RESULTS)\]/;

const CALL_OBJECT = /\{\s*"name"\s*:\s*"[^"\n]{1,100}"\s*,\s*"(?:arguments|parameters)"\s*:/;

/** Headings, first lines and block names of the stages' prompts; a test holds them against the prompts. */
export const PROMPT_MARKS: readonly string[] = [
  'You write one realistic conversation between a user and an assistant',
  'You revise a conversation between a user and an assistant',
  'You judge whether a conversation between a user and an assistant',
  'You mend a conversation between a user and an assistant',
  '# What you are given',
  '# How to answer',
  '# The order of turns',
  'Task: generate',
  'Task: refine',
  'Task: extract',
  'Task: judge',
  'Task: repair',
  'Task: filter',
];

const PROMPT_WORDS = new RegExp(
  [
    ...PROMPT_MARKS.map((mark) => `^${mark}`),
    '</(?:passage|workflow|trajectory|patterns)>',
    '\\b(?:the (?:given|provided|source|text)|provided text|the above) passage\\b',
  ].join('|'),
  'im',
);

/** The first occurrence in each message's content; a text that the passage has too is no leftover. */
function scan(
  { messages, context }: Row,
  pattern: RegExp,
  needle: string,
  isMeant: (message: RowMessage) => boolean = () => true,
): Hit[] {
  return messages.flatMap((message) => {
    const { content, index, role } = message;
    // System messages of others may well explain a format.
    if (context.profile === 'foreign' && role === 'system') return [];
    if (!content.includes(needle) || !isMeant(message)) return [];
    const match = pattern.exec(content);
    if (match === null || context.passage?.includes(match[0].trim())) return [];
    const around = content.slice(Math.max(0, match.index - 20), match.index + match[0].length + 20);
    return [
      {
        message_index: index,
        path: 'content',
        text: `"${shorten(match[0].trim())}" in: ${shorten(around)}`,
      },
    ];
  });
}
