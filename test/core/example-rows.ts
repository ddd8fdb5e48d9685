import type { Message, ToolCall } from '../../core/conversation.ts';
import type { Rejection, Trajectory } from '../../core/trajectory.ts';

/** Trajectories that differ in all that may differ: calls, nulls, shapes of arguments, scripts. */
export function exampleTrajectories(count: number): Trajectory[] {
  return Array.from({ length: count }, (_, index) => trajectory(index));
}

/** Rejected candidates, some without workflow and tags, some without a message. */
export function exampleRejections(count: number): Rejection[] {
  return Array.from({ length: count }, (_, index) => ({
    ...trajectory(index),
    ...(index % 3 === 0 ? { workflow: null, tags: null, messages: [], tools: [] } : {}),
    rejected_by: index % 2 === 0 ? ('judge' as const) : ('check' as const),
    reason: `“${text(index)}”`,
  }));
}

const TEXTS = [
  'plain',
  '',
  'größer 🙂\n\ttab',
  '日本語',
  '"quotes" \\ \u0000 null',
  'null',
  '<user>',
];

function text(index: number): string {
  return TEXTS[index % TEXTS.length] ?? '';
}

function trajectory(index: number): Trajectory {
  return {
    schema_version: 1,
    id: `row-${index}`,
    messages: messages(index),
    tools: Array.from({ length: index % 3 }, (_, tool) => ({
      type: 'function',
      function: {
        name: `tool_${tool}`,
        ...(tool === 0 ? {} : { description: text(index) }),
        parameters: { type: 'object', properties: { [`p${index}`]: { enum: [1, 'a', null] } } },
      },
    })),
    workflow: {
      description: text(index + 1) || 'none',
      steps: ['one', 'two'],
      graph: '(a)->(b, c)',
      example_calls: [{ name: 'a', arguments: { [`k${index}`]: [index, { deep: null }] } }],
      constraints: [{ rule: 'r', quote: 'q', operator: '<=', value: index / 2 }],
    },
    source: {
      id: `passage-${index}`,
      sha256: 'ab'.repeat(32),
      text: text(index).repeat(20),
      title: index % 2 === 0 ? null : text(index),
      url: index % 3 === 0 ? null : `https://example.org/${index}`,
      licence: index % 5 === 0 ? 'CC-BY-4.0' : null,
    },
    tags: { platform: 'other', domains: ['games', 'news'], task: 'search', summary: text(index) },
    patterns: { asked: ['clarification'], found: [] },
    checks: [
      {
        code: 'c',
        severity: 'note',
        message_index: index % 2 ? 1 : null,
        path: null,
        text: text(index),
      },
    ],
    judge: index % 4 === 0 ? null : judge(index),
    repair: index % 3 === 0 ? repairRounds(index) : null,
    provenance: provenance(index),
  };
}

function messages(index: number): Message[] {
  const calls = Array.from({ length: index % 4 }, (_, call) => toolCall(index, call));
  const asking: Message =
    calls.length === 0
      ? { role: 'assistant', content: text(index + 2) }
      : { role: 'assistant', content: index % 2 ? null : text(index), tool_calls: calls };
  return [
    ...(index % 2 === 0 ? [{ role: 'system' as const, content: text(index + 3) }] : []),
    { role: 'user', content: text(index) },
    asking,
    ...calls.map((call) => ({
      role: 'tool' as const,
      tool_call_id: call.id,
      content: text(index + 4),
    })),
    { role: 'assistant', content: calls.length > 2 ? null : 'Done.' },
  ];
}

function toolCall(index: number, call: number): ToolCall {
  const values = [{}, { a: { b: [1, { c: null }] } }, { ü: '🙂', n: 1.5 }, { list: [[], [[]]] }];
  return {
    id: `call_${call + 1}`,
    type: 'function',
    function: { name: `tool_${call}`, arguments: JSON.stringify(values[(index + call) % 4]) },
  };
}

function repairRounds(index: number): Trajectory['repair'] {
  return [
    {
      rejected_by: 'check',
      reason: text(index),
      fault_index: 1,
      messages: [{ role: 'user', content: text(index + 1) }],
      tools: null,
      checks: [],
      judge: null,
    },
  ];
}

function judge(index: number): Trajectory['judge'] {
  const rubrics = { argument_values: 1, capability: 0, context: 1 } as const;
  return { rubrics, reason: text(index), message_index: null, model: 'm' };
}

function provenance(index: number): Trajectory['provenance'] {
  return {
    method: index % 2 === 0 ? 'pipeline' : 'synthesizer',
    teacher: 'offline',
    config_fingerprint: 'f',
    ablation: { refine: true, check: true, judge: false },
    workflow_index: 0,
    candidate_index: index,
    stages: [
      {
        stage: 'generate',
        endpoint: 'e',
        model: 'm',
        sampling: { temperature: 0.7, stop: null },
        prompt_hash: 'p',
        request_hashes: ['r'],
        prompt_tokens: 10,
        cached_tokens: 0,
        completion_tokens: index,
        cost_usd: 0.25,
        seconds: 1.5,
        repairs: [],
      },
    ],
  };
}
