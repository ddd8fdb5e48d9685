import type { Message } from '../../core/conversation.ts';
import type { Rejection, Trajectory } from '../../core/trajectory.ts';
import type { Workflow } from '../../core/workflow.ts';
import { clip, clipValue } from './clip.ts';
import type { Clipped, Sample } from './run-report.ts';

const MOST_MESSAGES = 200;
const MOST_TOOLS = 60;
const MOST_FINDINGS = 100;
const MOST_LIST = 40;
const MOST_CALLS = 20;
const LINE = 400;
const PARAGRAPH = 8000;
/** Characters of all messages of one sample together. */
const CONVERSATION = 200_000;

/** A row as the report shows it: every list and text cut to a length that a page can hold, with what was left out. */
export function sampleOf(row: Trajectory | Rejection): Sample {
  return {
    id: row.id,
    rejected_by: 'rejected_by' in row ? row.rejected_by : null,
    reason: 'reason' in row ? clip(row.reason, 1000) : null,
    summary: row.tags === null ? null : clip(row.tags.summary, LINE),
    platform: row.tags?.platform ?? null,
    domains: row.tags?.domains.slice(0, MOST_LIST) ?? [],
    task: row.tags?.task ?? null,
    patterns: {
      asked: row.patterns.asked.slice(0, MOST_LIST),
      found: row.patterns.found.slice(0, MOST_LIST),
    },
    passage: passageOf(row.source),
    workflow: row.workflow === null ? null : workflowOf(row.workflow),
    tools: row.tools.slice(0, MOST_TOOLS).map(toolOf),
    messages: messagesOf(row.messages),
    findings: row.checks
      .slice(0, MOST_FINDINGS)
      .map((finding) => ({ ...finding, text: clip(finding.text, LINE) })),
    judge: row.judge === null ? null : { ...row.judge, reason: clip(row.judge.reason, 2000) },
    mended: (row.repair ?? []).slice(0, MOST_LIST).map((round) => ({
      rejected_by: round.rejected_by,
      reason: clip(round.reason, 1000),
      from: round.fault_index,
    })),
    left_out: {
      messages: Math.max(0, row.messages.length - MOST_MESSAGES),
      tools: Math.max(0, row.tools.length - MOST_TOOLS),
      findings: Math.max(0, row.checks.length - MOST_FINDINGS),
    },
    tokens: row.provenance.stages.reduce(
      (sum, stage) => sum + stage.prompt_tokens + stage.completion_tokens,
      0,
    ),
    cost_usd: row.provenance.stages.reduce((sum, stage) => sum + stage.cost_usd, 0),
  };
}

function passageOf({ id, title, url, licence, text }: Trajectory['source']): Sample['passage'] {
  const line = (value: string | null) => (value === null ? null : clip(value, LINE));
  return {
    id,
    title: line(title),
    url: line(url),
    licence: line(licence),
    text: clip(text, PARAGRAPH),
  };
}

function workflowOf(workflow: Workflow): Sample['workflow'] {
  return {
    description: clip(workflow.description, LINE),
    steps: workflow.steps.slice(0, MOST_LIST).map((step) => clip(step, LINE)),
    graph: clip(workflow.graph, 2000),
    constraints: workflow.constraints
      .slice(0, MOST_LIST)
      .map(({ rule, quote, tool, argument, operator, value, unit }) => {
        const test = [tool, argument, operator, clipValue(value, LINE).text, unit].filter(
          (part) => part !== undefined && part !== '',
        );
        return {
          rule: clip(rule, LINE),
          quote: clip(quote, LINE),
          test: test.length === 0 ? null : clip(test.join(' '), LINE),
        };
      }),
  };
}

/** A tool's parameters as lines: name, type and whether it is required. */
function toolOf({
  function: { name, description, parameters },
}: Trajectory['tools'][number]): Sample['tools'][number] {
  const properties = parameters?.properties;
  const required = Array.isArray(parameters?.required) ? parameters.required : [];
  const entries =
    typeof properties === 'object' && properties !== null ? Object.entries(properties) : [];
  return {
    name: clip(name, 100),
    description: clip(description ?? '', LINE),
    parameters: entries
      .slice(0, MOST_LIST)
      .map(([key, schema]: [string, unknown]) =>
        clip(`${key}${required.includes(key) ? '' : '?'}: ${typeOf(schema)}`, 100),
      ),
  };
}

function typeOf(schema: unknown): string {
  if (typeof schema !== 'object' || schema === null) return 'any';
  if ('enum' in schema && Array.isArray(schema.enum))
    return schema.enum
      .slice(0, 6)
      .map((value) => clipValue(value, 30).text)
      .join(' | ');
  return 'type' in schema ? clipValue(schema.type, 40).text : 'any';
}

function messagesOf(messages: Message[]): Sample['messages'] {
  let left = CONVERSATION;
  const cut = (text: string): Clipped => {
    const clipped = clip(text, Math.min(PARAGRAPH, left));
    left -= clipped.text.length;
    return clipped;
  };
  const called = new Map<string, string>();
  return messages.slice(0, MOST_MESSAGES).map((message, index) => {
    const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
    for (const call of calls) called.set(call.id, call.function.name);
    const tool = message.role === 'tool' ? called.get(message.tool_call_id) : undefined;
    return {
      index,
      role: message.role,
      tool: tool === undefined ? null : clip(tool, 100),
      content: message.content === null ? null : cut(message.content),
      calls: calls.slice(0, MOST_CALLS).map((call) => ({
        name: clip(call.function.name, 100),
        arguments: cut(call.function.arguments),
      })),
    };
  });
}
