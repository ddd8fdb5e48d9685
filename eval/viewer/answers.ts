import type { IncomingMessage, ServerResponse } from 'node:http';
import { UsageError } from '../../core/errors.ts';
import type { ReadRow } from '../../core/formats/read-row.ts';
import { visible } from '../run-report/markup.ts';
import { isOwnPage } from './access.ts';
import type { Catalogue, RowKey } from './catalogue.ts';
import { wholeText } from './detail/messages.ts';
import { rowDetail, schemaText } from './detail/row-detail.ts';
import { cutAt } from './detail/shown-text.ts';
import { HEADERS, send, sendJson, sendProblem } from './reply.ts';
import { filterOf, markRequest, rowKey, wholeNumber } from './requests.ts';
import { searchRows } from './search.ts';
import { SearchTerm } from './search-row.ts';
import { loadRow } from './sources/read-line.ts';

/** What an answer is made from. */
interface Asked {
  catalogue: Catalogue;
  parameters: URLSearchParams;
  request: IncomingMessage;
  response: ServerResponse;
}

type Answer = (asked: Asked) => Promise<void>;

/** What the page asks the server, by path; each may throw a UsageError, which is shown. */
export const ANSWERS: Record<string, Answer> = {
  'GET /api/sources': answerSources,
  'GET /api/list': answerList,
  'GET /api/search': answerSearch,
  'GET /api/row': answerRow,
  'GET /api/raw': answerRaw,
  'GET /api/text': answerText,
  'POST /api/mark': answerMark,
};

/** Asked again and again by the page: what a run under way has written meanwhile comes in. */
async function answerSources({ catalogue, response }: Asked): Promise<void> {
  void catalogue.update();
  const sources = catalogue.sources.map(({ source, indexer }, number) => ({
    number,
    name: source.name,
    state: source.manifest?.state ?? null,
    message: source.manifest?.message ?? null,
    offline: source.manifest?.offline ?? false,
    marks: source.marksPath,
    rows: indexer.index.rows,
    ...indexer.progress,
  }));
  sendJson(response, 200, { sources });
}

const MOST_LISTED = 200;

async function answerList({ catalogue, parameters, response }: Asked): Promise<void> {
  const { keys, total, counts } = catalogue.select(filterOf(parameters));
  const from = wholeNumber(parameters, 'from', 0);
  const count = Math.min(MOST_LISTED, wholeNumber(parameters, 'count', MOST_LISTED));
  const rows = pageOf(keys, from, count).map((key) => catalogue.listed(key));
  const withFacets = parameters.has('facets');
  const facets = withFacets ? counts.facets(parameters.get('like') ?? '') : null;
  sendJson(response, 200, { total, from, rows, facets });
}

/** Some of the rows of all sources, which stand one after the other. */
function pageOf(keys: readonly Uint32Array[], from: number, count: number): RowKey[] {
  const page: RowKey[] = [];
  let before = 0;
  for (const [source, rows] of keys.entries()) {
    const start = Math.max(0, from - before);
    const end = Math.max(start, from + count - before);
    for (const row of rows.subarray(start, end)) page.push({ source, row });
    before += rows.length;
  }
  return page;
}

/** Hits go out as they are found, a line of JSON each; a page that is gone ends the search. */
async function answerSearch({ catalogue, parameters, response }: Asked): Promise<void> {
  const text = (parameters.get('q') ?? '').trim();
  if (text === '') throw new UsageError('a search needs a text');
  const gone = new AbortController();
  response.on('close', () => gone.abort());
  response.writeHead(200, { ...HEADERS, 'Content-Type': 'application/x-ndjson' });
  const events = searchRows(catalogue, filterOf(parameters), new SearchTerm(text), gone.signal);
  for await (const event of events) response.write(`${JSON.stringify(event)}\n`);
  response.end();
}

const MOST_SAME_PASSAGE = 20;

async function answerRow({ catalogue, parameters, response }: Asked): Promise<void> {
  const key = rowKey(parameters, catalogue);
  const { source, indexer } = catalogue.at(key.source);
  const { row, text } = await loadRow(source, indexer.index.placeOf(key.row));
  sendJson(response, 200, {
    ...catalogue.listed(key),
    ...rowDetail(row, text.length, source.checks),
    same_passage: catalogue.samePassage(key, MOST_SAME_PASSAGE),
  });
}

/** The row as it stands in its file, to be copied. */
async function answerRaw({ catalogue, parameters, response }: Asked): Promise<void> {
  const key = rowKey(parameters, catalogue);
  const { source, indexer } = catalogue.at(key.source);
  const { text } = await loadRow(source, indexer.index.placeOf(key.row));
  send(response, 200, 'application/json; charset=utf-8', text);
}

const TEXT_PART = 500_000;

/** The next part of a long text. */
async function answerText({ catalogue, parameters, response }: Asked): Promise<void> {
  const key = rowKey(parameters, catalogue);
  const { source, indexer } = catalogue.at(key.source);
  const { row } = await loadRow(source, indexer.index.placeOf(key.row));
  const text = partOf(row, parameters);
  const rest = text?.slice(wholeNumber(parameters, 'from', 0)) ?? '';
  const end = cutAt(rest, TEXT_PART);
  sendJson(response, 200, {
    text: visible(rest.slice(0, end)),
    rest: end < rest.length ? wholeNumber(parameters, 'from', 0) + end : null,
  });
}

function partOf(
  { fields, conversation }: ReadRow,
  parameters: URLSearchParams,
): string | undefined {
  const part = parameters.get('part');
  if (part === 'passage') return passageOf(fields.source);
  if (part === 'tool') return schemaText(conversation?.tools[wholeNumber(parameters, 'tool', 0)]);
  const call = parameters.has('call') ? wholeNumber(parameters, 'call', 0) : null;
  return wholeText(conversation?.messages ?? [], wholeNumber(parameters, 'message', 0), call);
}

function passageOf(source: unknown): string {
  const { text } = (source ?? {}) as { text?: unknown }; // Asked for only where there is one.
  return typeof text === 'string' ? text : '';
}

const MOST_BODY = 100_000;

async function answerMark({ catalogue, request, response }: Asked): Promise<void> {
  if (!isOwnPage(request)) {
    sendProblem(response, 403, 'marks are taken from the viewer’s own page alone');
    return;
  }
  const { key: text, verdict, comment } = markRequest(await bodyOf(request));
  const key = rowKey(new URLSearchParams({ key: text }), catalogue);
  const { indexer, marks } = catalogue.at(key.source);
  const { id } = indexer.index.headOf(key.row);
  marks.follow(indexer.index);
  await marks.set(key.row, { id, verdict, comment, at: new Date().toISOString() });
  sendJson(response, 200, catalogue.listed(key));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request) {
    // Without an encoding the parts are buffers.
    parts.push(part as Buffer);
    length += (part as Buffer).length;
    if (length > MOST_BODY) throw new UsageError(`a mark has at most ${MOST_BODY} bytes`);
  }
  return Buffer.concat(parts).toString('utf8');
}
