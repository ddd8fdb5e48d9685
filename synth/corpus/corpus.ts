import { UsageError } from '../../core/errors.ts';
import { sha256 } from '../../core/hash.ts';
import type { Passage } from '../../core/passage.ts';
import { HashSet } from '../../core/text/hash-set.ts';
import { estimateTokens } from '../../core/text/tokens.ts';
import { cleanText, foldText, isBinary } from './clean.ts';
import {
  type Document,
  documentReader,
  type FieldOptions,
  rowsWanted,
  writesSteps,
} from './fields.ts';
import { findSources, type Source } from './inputs.ts';
import type { CorpusReport, SkipReason } from './report.ts';
import { readRows } from './rows.ts';
import type { SourceRow } from './source-row.ts';
import { splitText } from './split.ts';
import { joinArticles } from './wikihow.ts';

export interface CorpusOptions extends FieldOptions {
  /** Files, folders, globs, or `-` for the standard input. */
  inputs: string[];
  /** The least and the most tokens (as core/text/tokens.ts estimates them) a passage has. */
  minTokens: number;
  maxTokens: number;
  /** What becomes of a document above maxTokens. */
  overlong: 'split' | 'skip';
}

/**
 * Reads a corpus into passages, in the order of the inputs, then of paths, then of rows; memory grows by
 * some 26 bytes a passage (the hashes that tell duplicates and taken ids). `report` is filled in as it goes;
 * `stdin` stands in for the process's own.
 * Throws a UsageError for inputs that cannot be read, naming the file and the way out.
 */
export async function* readCorpus(
  options: CorpusOptions,
  report: CorpusReport,
  stdin?: AsyncIterable<Uint8Array>,
): AsyncGenerator<Passage> {
  checkLimits(options);
  const { sources, leftOut } = await findSources(options.inputs);
  report.files_left_out += leftOut;
  const seen = { texts: new HashSet(), ids: new HashSet() };
  for (const source of sources) {
    report.files += 1;
    const toDocument = documentReader(options, nameOf(source));
    const rows = readRows(source, rowsWanted(options), stdin);
    for await (const row of writesSteps(options) ? joinArticles(rows) : rows) {
      report.read += 1;
      const found = documentOf(row, toDocument);
      if ('skip' in found) report.skipped[found.skip] += 1;
      else yield* passagesOf(found, options, report, seen);
    }
  }
}

interface Seen {
  texts: HashSet;
  ids: HashSet;
}

function checkLimits({ minTokens, maxTokens }: CorpusOptions): void {
  if (minTokens >= 0 && maxTokens >= 1 && minTokens <= maxTokens) return;
  throw new UsageError(
    `a passage of ${minTokens} to ${maxTokens} tokens cannot be: the least must be 0 or more and not above the most`,
  );
}

function nameOf(source: Source): string {
  return source.kind === 'stdin' ? 'standard input' : source.path;
}

/** The row's document with its text cleaned, or why it has none. */
function documentOf(
  row: SourceRow,
  toDocument: ReturnType<typeof documentReader>,
): Document | { skip: SkipReason } {
  if ('skip' in row) return row;
  const document = toDocument(row);
  if (document === null) return { skip: 'not_text' };
  if (isBinary(document.text)) return { skip: 'binary' };
  const text = cleanText(document.text);
  return text.trim() === '' ? { skip: 'empty' } : { ...document, text };
}

function* passagesOf(
  document: Document,
  options: CorpusOptions,
  report: CorpusReport,
  seen: Seen,
): Generator<Passage> {
  const tokens = estimateTokens(document.text);
  const skip = skipReason(tokens, document.text, options, seen);
  if (skip !== null) {
    report.skipped[skip] += 1;
    return;
  }
  const hash = sha256(document.text);
  if (document.id === null && options.idField !== undefined) report.missing_ids += 1;
  const id = freeId(document.id ?? hash.slice(0, 16), hash, report, seen);
  if (tokens <= options.maxTokens) {
    report.whole_documents += 1;
    report.passages += 1;
    yield passage(document, id, hash, document.text);
  } else {
    report.split_documents += 1;
    yield* partsOf({ ...document, id }, options, report, seen);
  }
}

/** Also remembers the text, when it is not skipped for its length. */
function skipReason(
  tokens: number,
  text: string,
  options: CorpusOptions,
  seen: Seen,
): SkipReason | null {
  if (tokens < options.minTokens) return 'too_short';
  if (tokens > options.maxTokens && options.overlong === 'skip') return 'too_long';
  return seen.texts.add(sha256(foldText(text))) ? null : 'duplicate';
}

function* partsOf(
  document: Document,
  { minTokens, maxTokens }: CorpusOptions,
  report: CorpusReport,
  seen: Seen,
): Generator<Passage> {
  const limits = { minTokens, maxTokens, count: estimateTokens };
  const { parts, tooShort } = splitText(document.text, limits);
  report.skipped_parts.too_short += tooShort;
  for (const [index, text] of parts.entries()) {
    if (!seen.texts.add(sha256(foldText(text)))) {
      report.skipped_parts.duplicate += 1;
      continue;
    }
    const hash = sha256(text);
    report.passages += 1;
    yield passage(document, freeId(`${document.id}#${index + 1}`, hash, report, seen), hash, text);
  }
}

/** The id, or with the start of the text's hash when another text has it already. */
function freeId(id: string, hash: string, report: CorpusReport, seen: Seen): string {
  if (seen.ids.add(sha256(id))) return id;
  report.renamed_ids += 1;
  const renamed = `${id}~${hash.slice(0, 8)}`;
  seen.ids.add(sha256(renamed));
  return renamed;
}

function passage(
  { title, url, licence }: Document,
  id: string,
  hash: string,
  text: string,
): Passage {
  return { id, sha256: hash, text, title, url, licence };
}
