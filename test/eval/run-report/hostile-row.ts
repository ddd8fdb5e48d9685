import type { Trajectory } from '../../../core/trajectory.ts';
import { trajectory } from './run-fixture.ts';

const MARKUP =
  '</pre></details><script>alert("row")</script><img src=x onerror="alert(1)"><style>*{display:none}</style>';
const ODD =
  'zero\u0000 bell\u0007 escape\u001b[31m half\ud800 turned \u202eesrever\u202c mark\ufeff Z\u0351\u036b\u0343algo \u{1F9ED}';
const DEEP = `{"a":${'['.repeat(3000)}${']'.repeat(3000)}}`;

/** A row in which every text tries to break out of a page, or to break the page. */
export function hostileRow(id: string): Trajectory {
  const row = trajectory(id);
  return {
    ...row,
    messages: [
      { role: 'system', content: `${MARKUP}${ODD}` },
      { role: 'user', content: `${'unbroken'.repeat(2000)}${MARKUP}` },
      {
        role: 'assistant',
        content: ODD,
        tool_calls: [
          {
            id: 'c1',
            type: 'function',
            function: { name: `${MARKUP}${'long_name_'.repeat(30)}`, arguments: DEEP },
          },
          {
            id: 'c2',
            type: 'function',
            function: { name: 'find_berth', arguments: '{"number":12345678901234567890,' },
          },
        ],
      },
      { role: 'tool', tool_call_id: 'c1', content: `{"x":"${'<script>'.repeat(600_000)}"}` },
      { role: 'tool', tool_call_id: 'nobody', content: '' },
      { role: 'assistant', content: '' },
    ],
    tools: [
      {
        type: 'function',
        function: {
          name: MARKUP,
          description: ODD,
          parameters: { properties: { [MARKUP]: { enum: [MARKUP] } } },
        },
      },
    ],
    workflow: {
      description: MARKUP,
      steps: [ODD],
      graph: MARKUP,
      example_calls: [],
      constraints: [{ rule: MARKUP, quote: MARKUP, value: MARKUP }],
    },
    source: {
      ...row.source,
      id: MARKUP,
      text: `${MARKUP}${ODD}`,
      title: MARKUP,
      url: 'javascript:alert(1)',
      licence: MARKUP,
    },
    tags: row.tags && { ...row.tags, summary: MARKUP },
    checks: [{ code: MARKUP, severity: 'warning', message_index: 99, path: MARKUP, text: ODD }],
    judge: {
      rubrics: { argument_values: 1, capability: 1, context: 1 },
      reason: MARKUP,
      message_index: 1e6,
      model: MARKUP,
    },
  };
}
