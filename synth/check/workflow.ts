import type { Conversation, Message } from '../../core/conversation.ts';
import { Pattern } from '../../core/taxonomy.ts';
import type { Workflow } from '../../core/workflow.ts';
import type { Check } from './check.ts';
import { shorten } from './json-path.ts';
import { findPatterns } from './patterns.ts';
import type { Hit, Row, RowMessage } from './row.ts';
import { callRecords } from './rules/call-records.ts';
import { type Coverage, coverageOf, type OrderViolation } from './workflow/coverage.ts';
import { type Graph, parseGraph } from './workflow/graph.ts';

const WARNING = { gem: 'warning', foreign: 'warning' } as const;
const NOTE = { gem: 'note', foreign: 'note' } as const;
const MIN_PATTERNS = 3;

/** Whether the calls run through the execution graph, and which patterns the conversation shows. */
export const WORKFLOW_CHECKS: readonly Check[] = [
  {
    code: 'graph_unreadable',
    title: 'The execution graph cannot be read',
    severity: WARNING,
    paper: false,
    explanation:
      'The graph of a workflow is written as groups of tools joined by arrows; nothing can be held against any other text.',
    fix: 'Write the graph as (login)->(search, list)->(book).',
    example: 'graph: "first login, then book"',
    find: (row) => {
      const { workflow } = row.context;
      if (workflow === undefined || graphOf(row) !== undefined) return [];
      return [whole(`the graph is no chain of groups: ${shorten(workflow.graph)}`)];
    },
  },
  {
    code: 'graph_unknown_tool',
    title: 'The execution graph names a tool that is not defined',
    severity: WARNING,
    paper: false,
    explanation: "Every name in the graph is one of the row's tools.",
    fix: 'Define the tool, or take it out of the graph.',
    example: '(find_boook)->(renew), where the tool is find_book',
    find: (row) => {
      const names = [...new Set(graphOf(row)?.groups.flat())];
      const unknown = names.filter((name) => !row.toolsByName.has(name));
      return unknown.map((name) => whole(`the graph names ${shorten(name, 64)}, which is no tool`));
    },
  },
  {
    code: 'graph_order_broken',
    title: 'A step succeeds before one that the graph puts earlier',
    severity: WARNING,
    paper: false,
    explanation:
      'A tool succeeds although the tools of an earlier group do so only later. Where a constraint demands the order, order_rule_broken reports it.',
    fix: 'Call the earlier step first, or let the later one fail.',
    example: '(login)->(book), and the calls are book, then login',
    find: (row) => orderHits(row, true),
  },
  {
    code: 'graph_step_skipped',
    title: 'A step succeeds without one that the graph puts earlier',
    severity: WARNING,
    paper: false,
    explanation:
      'A tool succeeds although no tool of an earlier group is ever called with success. Where a constraint demands it, order_rule_broken reports it.',
    fix: 'Call the earlier step first, or take it out of the graph.',
    example: '(login)->(book), and the only call is book',
    find: (row) => orderHits(row, false),
  },
  {
    code: 'graph_not_covered',
    title: 'The calls cover only a part of the execution graph',
    severity: NOTE,
    paper: false,
    explanation:
      'Tools of the graph are never called with success, or an edge is never gone along: the one tool, later the other.',
    fix: 'None is needed where the conversation rightly ends before.',
    example: '(login)->(find)->(book), and the calls are login and find',
    find: (row) => {
      const coverage = coverageIn(row);
      if (coverage === undefined) return [];
      const { steps, edges, missing } = coverage;
      if (steps.covered === steps.total && edges.covered === edges.total) return [];
      const rest = missing.length === 0 ? '' : `; never: ${shorten(missing.join(', '), 120)}`;
      return [whole(`${share(steps)} of the steps and ${share(edges)} of the edges${rest}`)];
    },
  },
  {
    code: 'few_patterns',
    title: 'Fewer than three kinds of patterns are found',
    severity: WARNING,
    paper: false,
    explanation: `A trajectory shows at least three of the patterns ${Pattern.options.join(', ')}; they are detected by rules, not taken from the claim.`,
    fix: 'Let the user change their mind, a call fail, a rule stand in the way.',
    example: 'a user who says everything at once, and calls that all succeed',
    find: (row) => {
      if (row.context.workflow === undefined) return [];
      const found = patternsIn(row);
      if (found.length >= MIN_PATTERNS) return [];
      const list = found.length === 0 ? 'none' : found.join(', ');
      return [whole(`${found.length} of ${MIN_PATTERNS} kinds: ${list}`)];
    },
  },
  {
    code: 'pattern_not_found',
    title: 'A pattern that was asked for is not found',
    severity: NOTE,
    paper: false,
    explanation: 'Generation was asked for patterns; the rules that detect them find no place.',
    fix: 'None is needed: the rules see the plain cases only.',
    example: 'asked: error_recovery, and no call fails',
    find: (row) => {
      const { workflow, patterns = [] } = row.context;
      if (workflow === undefined || patterns.length === 0) return [];
      const found = new Set(patternsIn(row));
      return patterns
        .filter((pattern) => !found.has(pattern))
        .map((pattern) => whole(`${pattern} was asked for and is not found`));
    },
  },
];

function whole(text: string): Hit {
  return { message_index: null, path: null, text };
}

function share({ covered, total }: { covered: number; total: number }): string {
  return `${covered} of ${total}`;
}

const graphs = new WeakMap<Workflow, { graph: Graph | undefined }>();

function graphOf(row: Row): Graph | undefined {
  const { workflow } = row.context;
  if (workflow === undefined) return undefined;
  const known = graphs.get(workflow) ?? { graph: parseGraph(workflow.graph) };
  graphs.set(workflow, known);
  return known.graph;
}

const coverages = new WeakMap<Row, Coverage>();

function coverageIn(row: Row): Coverage | undefined {
  const graph = graphOf(row);
  if (graph === undefined) return undefined;
  const coverage = coverages.get(row) ?? coverageOf(graph, callRecords(row));
  coverages.set(row, coverage);
  return coverage;
}

function orderHits(row: Row, later: boolean): Hit[] {
  const constraints = row.context.workflow?.constraints ?? [];
  const ruled = ({ tool, needs }: OrderViolation): boolean =>
    constraints.some(
      (one) =>
        one.operator === 'after' &&
        one.tool === tool &&
        [one.value].flat().some((value) => typeof value === 'string' && needs.includes(value)),
    );
  return (coverageIn(row)?.violations ?? [])
    .filter((violation) => violation.later === later && !ruled(violation))
    .map(({ call, tool, needs }) => ({
      message_index: call.message,
      path: call.path,
      text: `${shorten(tool, 64)} succeeds ${later ? 'before' : 'without'} ${shorten(needs.join(' or '), 120)}`,
    }));
}

const patterns = new WeakMap<Row, Pattern[]>();

function patternsIn(row: Row): Pattern[] {
  const known = patterns.get(row) ?? findPatterns(conversationOf(row));
  patterns.set(row, known);
  return known;
}

const MAX_MESSAGES = 500;
const MAX_CONTENT = 200_000;
const MAX_ARGUMENTS = 30_000;

/** What was usable of the row, in the form that the search for patterns takes; as much as is quick to search. */
function conversationOf({ messages }: Row): Conversation {
  let content = 0;
  let written = 0;
  const fitting = messages.slice(0, MAX_MESSAGES).filter((message) => {
    content += message.content.length;
    for (const { text } of message.calls) written += text.length;
    return content <= MAX_CONTENT && written <= MAX_ARGUMENTS;
  });
  return { messages: fitting.map(messageOf), tools: [] };
}

function messageOf({ role, content, calls, callId }: RowMessage): Message {
  if (role === 'tool') return { role, content, tool_call_id: callId };
  if (role === 'system') return { role, content };
  if (role !== 'assistant') return { role: 'user', content };
  if (calls.length === 0) return { role, content };
  return {
    role,
    content,
    tool_calls: calls.map(({ id, name, text }) => ({
      id,
      type: 'function',
      function: { name, arguments: text },
    })),
  };
}
