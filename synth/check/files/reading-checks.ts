import type { Check } from '../check.ts';

const NONE = { paper: false, find: () => [] };

/** What may be wrong with a row of a file before there is a conversation to check. */
export const READING_CHECKS: readonly Check[] = [
  {
    ...NONE,
    code: 'row_unreadable',
    title: 'A row holds no conversation that can be read',
    severity: { gem: 'error', foreign: 'error' },
    explanation:
      'The line is no JSON, or its fields are in none of the formats, or its turns cannot be told apart.',
    fix: 'Name the format with --format, or mend the row.',
    example: '{"prompt": "Hello", "answer": "Hi"}',
  },
  {
    ...NONE,
    code: 'tools_unknown',
    title: 'A row does not tell which tools there were',
    severity: { gem: 'error', foreign: 'warning' },
    explanation:
      'Without tools no call can be held against its schema; each name that is called is taken for a tool with any arguments.',
    fix: 'Add the tools to the rows (tools), or to tau2 results (info.environment_info.tool_defs).',
    example: 'a results.json of tau2 with tool_defs null',
  },
];
