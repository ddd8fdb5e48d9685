import type { Conversation } from '../../core/conversation.ts';
import { sha256 } from '../../core/hash.ts';
import type { Passage } from '../../core/passage.ts';
import type { ExtractedWorkflow } from '../../core/workflow.ts';

const TEXT =
  'At the harbour office the clerk first looks for a free berth that is long enough and then assigns it; visitors may stay up to three nights.';

/** The passage of the prompts' worked examples. */
export const EXAMPLE_PASSAGE: Passage = {
  id: 'harbour',
  sha256: sha256(TEXT),
  text: TEXT,
  title: 'Berths for visitors',
  url: null,
  licence: null,
};

/** What extraction finds in it. */
export const EXAMPLE_WORKFLOW: ExtractedWorkflow = {
  description: 'Assign a berth to a visiting boat.',
  steps: [
    'Look up the free berths that fit the boat.',
    'Assign one of them for the nights wanted.',
  ],
  graph: '(list_free_berths)->(assign_berth)',
  example_calls: [
    { name: 'list_free_berths', arguments: { length_m: 9.5, arrival_date: '2026-06-02' } },
    {
      name: 'assign_berth',
      arguments: { berth_id: 'B-14', boat_registration: 'SK-2291', nights: 2 },
    },
  ],
  constraints: [
    {
      rule: 'A visiting boat stays at most 3 nights.',
      quote: 'visitors may stay up to three nights',
      tool: 'assign_berth',
      argument: 'nights',
      operator: '<=',
      value: 3,
      unit: 'nights',
    },
    {
      rule: 'A berth is assigned only after the free berths were looked up.',
      quote: 'the clerk first looks for a free berth',
      tool: 'assign_berth',
      operator: 'after',
      value: 'list_free_berths',
    },
  ],
  tools: [
    {
      type: 'function',
      function: {
        name: 'list_free_berths',
        description: 'List the free berths that are long enough for a boat.',
        parameters: {
          type: 'object',
          properties: {
            length_m: { type: 'number', description: 'Length of the boat in metres' },
            arrival_date: { type: 'string', description: 'First night, YYYY-MM-DD' },
          },
          required: ['length_m', 'arrival_date'],
        },
      },
    },
    {
      type: 'function',
      function: {
        name: 'assign_berth',
        description: 'Assign a free berth to a boat.',
        parameters: {
          type: 'object',
          properties: {
            berth_id: { type: 'string', description: 'Berth, as list_free_berths returned it' },
            boat_registration: { type: 'string', description: 'Registration of the boat' },
            nights: { type: 'integer', description: 'Number of nights' },
          },
          required: ['berth_id', 'boat_registration', 'nights'],
        },
      },
    },
  ],
};

/** A short conversation over its tools. */
export const EXAMPLE_CONVERSATION: Conversation = {
  tools: EXAMPLE_WORKFLOW.tools,
  messages: [
    {
      role: 'system',
      content:
        'You are the assistant of a harbour office. Visiting boats may stay up to three nights.',
    },
    { role: 'user', content: 'My boat is 9.5 metres long; is there room from 2 June 2026?' },
    {
      role: 'assistant',
      content: null,
      tool_calls: [
        {
          id: 'call_1',
          type: 'function',
          function: {
            name: 'list_free_berths',
            arguments: '{"length_m":9.5,"arrival_date":"2026-06-02"}',
          },
        },
      ],
    },
    {
      role: 'tool',
      tool_call_id: 'call_1',
      content: '{"berths":[{"berth_id":"B-14","max_length_m":11}]}',
    },
    { role: 'assistant', content: 'Yes: berth B-14 is free and takes boats up to 11 metres.' },
  ],
};
