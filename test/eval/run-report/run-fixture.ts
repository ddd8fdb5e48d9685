import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Message, ToolDefinition } from '../../../core/conversation.ts';
import { emptyBill } from '../../../core/llm/ledger.ts';
import { emptyFunnel } from '../../../core/run/funnel.ts';
import { type Manifest, writeManifest } from '../../../core/run/manifest.ts';
import type { Finding, Rejection, Trajectory } from '../../../core/trajectory.ts';
import { newCorpusReport } from '../../../synth/corpus/report.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

/** A run's folder with a manifest and these rows; the funnel counts them unless `manifest` says otherwise. */
export async function writeRun(rows: {
  accepted?: Trajectory[];
  rejected?: Rejection[];
  surplus?: Trajectory[];
  manifest?: Partial<Manifest>;
}): Promise<string> {
  const folder = await temporaryFolder();
  const { accepted = [], rejected = [], surplus = [] } = rows;
  await writeManifest(folder, { ...manifestOf(accepted.length, rejected), ...rows.manifest });
  const files = { trajectories: accepted, rejected, surplus };
  for (const [name, list] of Object.entries(files)) {
    await writeFile(
      join(folder, `${name}.jsonl`),
      list.map((row) => `${JSON.stringify(row)}\n`).join(''),
    );
  }
  return folder;
}

function manifestOf(accepted: number, rejected: Rejection[]): Manifest {
  const by = (stage: Rejection['rejected_by']) =>
    rejected.filter((row) => row.rejected_by === stage).length;
  const judged = accepted + by('judge');
  const generated = judged + by('check') + by('refine');
  const bill = {
    ...emptyBill(),
    requests: 7,
    prompt_tokens: 9000,
    cached_tokens: 500,
    completion_tokens: 1000,
    cost_usd: 0.02,
    seconds: 12,
  };
  return {
    schema_version: 1,
    name: 'harbour-run',
    state: 'finished',
    message: null,
    method: 'pipeline',
    offline: false,
    ablation: { refine: true, check: true, judge: true },
    fingerprint: '0123456789abcdef',
    fingerprint_parts: {
      gate: 'strict',
      seed: 11,
      language: 'English',
      'stages.generate.model': 'teacher-large',
      'stages.generate.sampling': { temperature: 0.8 },
    },
    versions: { 'gem-traj': '0.1.0' },
    started_at: '2026-03-01T08:00:00.000Z',
    updated_at: '2026-03-01T09:30:00.000Z',
    seconds: 5400,
    sessions: 2,
    funnel: {
      ...emptyFunnel(),
      passages: generated + 10,
      filtered_not_multi_step: 10 - by('generate'),
      multi_step: generated + by('generate'),
      workflows: generated + by('generate'),
      generated,
      refined: generated - by('refine'),
      check_passed: judged,
      judge_passed: accepted,
      accepted,
      rejected_generate: by('generate'),
      rejected_refine: by('refine'),
      rejected_check: by('check'),
      rejected_judge: by('judge'),
    },
    failed_passages: 0,
    corpus: {
      ...newCorpusReport(),
      files: 1,
      read: 40,
      passages: 35,
      skipped: { ...newCorpusReport().skipped, too_short: 5 },
    },
    bills: [{ stage: 'generate', endpoint: 'cluster', bill }],
    total: bill,
    unaccounted_usd: 0,
  };
}

const TOOL: ToolDefinition = {
  type: 'function',
  function: {
    name: 'find_berth',
    description: 'Looks for a free berth.',
    parameters: {
      type: 'object',
      properties: { length_m: { type: 'number' }, night: { type: 'string' } },
      required: ['length_m'],
    },
  },
};

/** An accepted row; every call is answered, every user turn makes `calls` of them. */
export function trajectory(
  id: string,
  {
    turns = 1,
    calls = 1,
    ...changes
  }: { turns?: number; calls?: number } & Partial<Trajectory> = {},
): Trajectory {
  return {
    schema_version: 1,
    id,
    messages: [
      { role: 'system', content: 'You keep the harbour book.' },
      ...Array.from({ length: turns }, (_, turn) => turnOf(turn, calls)).flat(),
    ],
    tools: [TOOL],
    workflow: {
      description: `Book a berth (${id})`,
      steps: ['Find a free berth', 'Book it'],
      graph: '(find_berth)->(book_berth)',
      example_calls: [],
      constraints: [
        {
          rule: 'No boat over 14 m.',
          quote: 'longer than 14 metres',
          tool: 'find_berth',
          argument: 'length_m',
          operator: '<=',
          value: 14,
          unit: 'm',
        },
      ],
    },
    source: {
      id: `passage-${id}`,
      sha256: '0'.repeat(64),
      text: 'Boats longer than 14 metres lie at the outer quay.',
      title: 'The harbour',
      url: null,
      licence: 'CC0',
    },
    tags: {
      platform: 'operator',
      domains: ['travel_and_transportation'],
      task: 'customer_support',
      summary: 'Booking a berth',
    },
    patterns: { asked: ['clarification', 'rule_conflict'], found: ['clarification'] },
    checks: [],
    repair: null,
    judge: {
      rubrics: { argument_values: 1, capability: 1, context: 1 },
      reason: 'Sound.',
      message_index: null,
      model: 'judge-small',
    },
    provenance: {
      method: 'pipeline',
      teacher: 'cluster',
      config_fingerprint: '0123456789abcdef',
      ablation: { refine: true, check: true, judge: true },
      workflow_index: 0,
      candidate_index: 0,
      stages: [],
    },
    ...changes,
  };
}

function turnOf(turn: number, calls: number): Message[] {
  const asked: Message = { role: 'user', content: `I need a berth for night ${turn}.` };
  const called = Array.from({ length: calls }, (_, index): Message[] => {
    const id = `call_${turn}_${index}`;
    return [
      {
        role: 'assistant',
        content: null,
        tool_calls: [
          {
            id,
            type: 'function',
            function: { name: 'find_berth', arguments: '{"length_m":11.5,"night":"Friday"}' },
          },
        ],
      },
      { role: 'tool', tool_call_id: id, content: '{"berth":"B-14"}' },
    ];
  });
  return [asked, ...called.flat(), { role: 'assistant', content: 'Berth B-14 is free.' }];
}

export function rejection(
  id: string,
  by: Rejection['rejected_by'],
  reason: string,
  changes: Partial<Rejection> = {},
): Rejection {
  const { judge: _none, ...row } = trajectory(id);
  return { ...row, judge: null, rejected_by: by, reason, ...changes };
}

export function rejectedByCheck(id: string, ...checks: Finding[]): Rejection {
  return rejection(id, 'check', checks[0]?.text ?? 'no finding', { checks });
}

export function finding(code: string, changes: Partial<Finding> = {}): Finding {
  return {
    code,
    severity: 'error',
    message_index: 2,
    path: 'tool_calls[0].function.arguments.length_m',
    text: `${code} was found`,
    ...changes,
  };
}

export function rejectedByJudge(
  id: string,
  rubrics: Partial<Record<'argument_values' | 'capability' | 'context', 0>>,
  reason: string,
): Rejection {
  const judge = {
    rubrics: { argument_values: 1, capability: 1, context: 1, ...rubrics } as const,
    reason,
    message_index: 4,
    model: 'judge-small',
  };
  return rejection(id, 'judge', reason, { judge });
}
