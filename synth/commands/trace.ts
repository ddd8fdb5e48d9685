import { join } from 'node:path';
import type { Argv } from 'yargs';
import { defineCommand, type FlagsOf } from '../../core/command.ts';
import type { Message } from '../../core/conversation.ts';
import { UsageError } from '../../core/errors.ts';
import { ChatClient } from '../../core/llm/chat-client.ts';
import { type NamedEndpoint, urlsOf } from '../../core/llm/endpoint.ts';
import {
  ENVIRONMENT,
  endpointByName,
  environmentEndpoint,
  type KnownEndpoints,
  loadEndpoints,
} from '../../core/llm/endpoints-file.ts';
import { classifyFailure } from '../../core/llm/failure.ts';
import { type JournalEntry, JournalReader } from '../../core/llm/journal.ts';
import { withKnownModel } from '../../core/llm/server-models.ts';
import { type FoundRow, findRow } from '../../core/run/find-row.ts';
import { existingRun } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import type { Finding, RepairRound } from '../../core/trajectory.ts';
import { entrySections, type Section, sectionLines } from '../chain.ts';
import { usd } from '../summary.ts';

/** `gem-traj trace RUN ID`: a row's whole chain, from the passage to the verdict. */
export const traceCommand = defineCommand({
  command: 'trace <run> <id>',
  describe: "One row's whole chain: passage, requests, raw answers, verdicts, tokens, money",
  builder: traceOptions,
  handler: async (flags) => {
    if (flags.endpoint !== undefined && !flags.again)
      throw new UsageError('--endpoint says whom --again asks; give both, or neither');
    const folder = await existingRun(flags.run);
    const found = await findRow(folder, flags.id);
    const entries = await journalEntries(folder, found);
    const again = flags.again ? await askAgain(entries, flags) : new Map<string, string>();
    if (flags.json)
      terminal.print(
        JSON.stringify({ ...found, requests: entries.map((entry) => forJson(entry, again)) }),
      );
    else printChain(found, entries, again);
  },
});

function traceOptions(yargs: Argv) {
  return yargs
    .positional('run', {
      type: 'string',
      demandOption: true,
      describe: 'Name or folder of the run',
    })
    .positional('id', {
      type: 'string',
      demandOption: true,
      describe: "The row's id or its beginning, or its passage's id",
    })
    .option('again', {
      type: 'boolean',
      default: false,
      describe: 'Ask each request anew and show the answer beside the old one; nothing is kept',
    })
    .option('endpoint', {
      type: 'string',
      describe: 'With --again: the endpoint to ask, instead of the one asked then',
    })
    .option('endpoints', { type: 'string', describe: 'File with the endpoints' })
    .option('json', { type: 'boolean', default: false, describe: 'As one JSON object' });
}

async function journalEntries(folder: string, { row }: FoundRow): Promise<JournalEntry[]> {
  const wanted = new Set(row.provenance.stages.flatMap((stage) => stage.request_hashes));
  const journal = await JournalReader.open(join(folder, 'journal.jsonl'), (head) =>
    wanted.has(head.key),
  );
  try {
    const entries = await Promise.all([...wanted].map((key) => journal.get(key)));
    return entries.filter((entry) => entry !== undefined);
  } finally {
    await journal.close();
  }
}

/** The answers of today to the requests of then, by key. */
async function askAgain(
  entries: JournalEntry[],
  flags: FlagsOf<typeof traceOptions>,
): Promise<Map<string, string>> {
  const answers = new Map<string, string>();
  const known = await loadEndpoints(flags.endpoints);
  for (const { head, messages, sampling, responseFormat } of entries) {
    const name = flags.endpoint ?? head.endpoint;
    if (name === 'offline')
      throw new UsageError('the offline teacher ended with the run; --again needs an --endpoint');
    const endpoint = await endpointToAsk(known, name);
    const body = {
      model: endpoint.model,
      messages,
      ...sampling,
      ...(responseFormat === null ? {} : { response_format: responseFormat }),
      ...endpoint.extra_body,
      ...endpoint.thinking?.body,
    };
    const client = new ChatClient(endpoint);
    const { signal } = new AbortController();
    const answered = client.complete(urlsOf(endpoint)[0] ?? '', body, signal);
    const { completion } = await answered.catch((cause: unknown) => {
      throw new UsageError(
        `${head.stage}, asked anew of ${name}: ${classifyFailure(cause).reason}`,
      );
    });
    answers.set(head.key, completion.choices[0]?.message.content ?? '');
  }
  return answers;
}

async function endpointToAsk(known: KnownEndpoints, name: string): Promise<NamedEndpoint> {
  if (name !== ENVIRONMENT || Object.hasOwn(known.endpoints, name))
    return endpointByName(known, name);
  const environment = environmentEndpoint();
  if (environment !== undefined) return withKnownModel(environment);
  throw new UsageError(
    'the run asked the endpoint of OPENAI_BASE_URL, which is not set; set it, or name an --endpoint',
  );
}

function forJson({ head, messages, sampling, response }: JournalEntry, again: Map<string, string>) {
  const anew = again.get(head.key);
  return {
    ...head,
    messages,
    sampling,
    response: JSON.parse(response.raw),
    ...(anew === undefined ? {} : { again: anew }),
  };
}

function printChain(
  { status, row }: FoundRow,
  entries: JournalEntry[],
  again: Map<string, string>,
): void {
  const rejection = 'rejected_by' in row ? ` by ${row.rejected_by}: ${row.reason}` : '';
  const { stages } = row.provenance;
  const total = stages.reduce((sum, stage) => sum + stage.cost_usd, 0);
  const tokens = stages.reduce(
    (sum, stage) => sum + stage.prompt_tokens + stage.completion_tokens,
    0,
  );
  const sections: Section[] = [
    { title: `${row.id}: ${status}${rejection}` },
    {
      title: `passage ${row.source.id}${row.source.title === null ? '' : ` (${row.source.title})`}`,
      text: row.source.text,
    },
    ...entries.flatMap((entry) => [...entrySections(entry), ...anewSection(entry, again)]),
    ...(row.repair ?? []).map(roundSection),
    { title: 'messages', text: row.messages.map(messageLine).join('\n') },
    { title: 'checks', text: row.checks.map(findingLine).join('\n') || 'no finding' },
    { title: 'judge', text: row.judge === null ? whyNoVerdict(row) : JSON.stringify(row.judge) },
    { title: `in all: ${tokens} tokens, ${usd(total)} USD` },
  ];
  for (const line of sectionLines(sections)) terminal.print(line);
}

function anewSection({ head }: JournalEntry, again: Map<string, string>): Section[] {
  const text = again.get(head.key);
  return text === undefined ? [] : [{ title: `${head.stage}, answer asked anew`, text }];
}

/** An earlier version: who turned it down, and what was written anew. */
function roundSection({
  rejected_by: by,
  reason,
  fault_index: at,
  messages,
}: RepairRound): Section {
  return {
    title: `a version turned down by ${by}: ${reason}; mended from message ${at} on, which read`,
    text: messages.map((message, index) => messageLine(message, at + index)).join('\n'),
  };
}

function whyNoVerdict(row: FoundRow['row']): string {
  const isUnscored = 'rejected_by' in row && row.rejected_by === 'judge';
  return isUnscored ? 'no verdict that can be read' : 'not asked';
}

function findingLine({ severity, code, message_index, path, text }: Finding): string {
  return `${severity} ${code} at message ${message_index ?? '-'} ${path ?? ''}: ${text}`;
}

function messageLine(message: Message, index: number): string {
  const calls = message.role === 'assistant' ? (message.tool_calls ?? []) : [];
  const called = calls.map(({ function: { name, arguments: args } }) => `${name}(${args})`);
  return `[${index}] ${message.role}: ${[message.content ?? '', ...called].filter((part) => part !== '').join(' ')}`;
}
