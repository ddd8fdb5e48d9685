import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { glob, isDynamicPattern } from 'tinyglobby';
import { errorCode, UsageError } from '../../core/errors.ts';

/** What a file holds once it is decompressed. */
type SourceKind = 'text' | 'jsonl' | 'json' | 'csv' | 'tsv' | 'parquet';

/** One file of a corpus, or the standard input (path `-`). */
export interface Source {
  path: string;
  kind: SourceKind | 'stdin';
  compression: 'gzip' | 'zstd' | null;
}

/** The files that inputs name, in order, and how many others a folder or a glob held. */
export interface FoundSources {
  sources: Source[];
  leftOut: number;
}

const KINDS: Record<string, SourceKind> = {
  '.txt': 'text',
  '.md': 'text',
  '.jsonl': 'jsonl',
  '.ndjson': 'jsonl',
  '.json': 'json',
  '.csv': 'csv',
  '.tsv': 'tsv',
  '.parquet': 'parquet',
};
const KNOWN = `${Object.keys(KINDS).join(', ')}; each but .parquet also with .gz or .zst`;
const ENDING = /(\.[a-z]+?)(\.gz|\.zst)?$/i;

/**
 * The files behind inputs: a file, a folder (all files below it that have a known ending), a glob or `-`.
 * Hidden files are left out; a folder's and a glob's files come sorted by path; a file named twice comes once.
 * Throws a UsageError for what does not exist, holds nothing or has an unknown ending.
 */
export async function findSources(inputs: readonly string[]): Promise<FoundSources> {
  if (inputs.length === 0) {
    throw new UsageError('no input was given; name a file, a folder, a glob or - with --input');
  }
  const byPath = new Map<string, Source>();
  let leftOut = 0;
  for (const input of inputs) {
    const found = await findInput(input);
    leftOut += found.leftOut;
    for (const source of found.sources) {
      const key = source.kind === 'stdin' ? '-' : resolve(source.path);
      if (!byPath.has(key)) byPath.set(key, source);
    }
  }
  return { sources: [...byPath.values()], leftOut };
}

async function findInput(input: string): Promise<FoundSources> {
  if (input === '-') {
    return { sources: [{ path: '-', kind: 'stdin', compression: null }], leftOut: 0 };
  }
  const kind = await pathKind(input);
  if (kind === 'folder') return findInFolder(input);
  if (kind === 'file') return { sources: [namedSource(input)], leftOut: 0 };
  if (isDynamicPattern(input)) return findByGlob(input);
  throw new UsageError(
    `input ${input} does not exist (looked from ${process.cwd()}); name a file, a folder or a glob that does`,
  );
}

async function pathKind(path: string): Promise<'file' | 'folder' | 'missing'> {
  try {
    return (await stat(path)).isDirectory() ? 'folder' : 'file';
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return 'missing';
    if (code !== 'EACCES') throw error;
    throw new UsageError(`input ${path} cannot be reached: permission denied`);
  }
}

async function findInFolder(folder: string): Promise<FoundSources> {
  const paths = await glob('**/*', { cwd: folder, dot: false });
  const prefix = folder.endsWith('/') ? folder : `${folder}/`;
  const found = sourcesOf(paths.map((path) => `${prefix}${path}`));
  if (found.sources.length > 0) return found;
  const others = found.leftOut === 0 ? '' : ` (it holds ${found.leftOut} files of other kinds)`;
  throw new UsageError(`folder ${folder} holds no corpus file${others}; known endings: ${KNOWN}`);
}

async function findByGlob(pattern: string): Promise<FoundSources> {
  const paths = await glob(pattern, { dot: false, expandDirectories: false });
  if (paths.length === 0) {
    throw new UsageError(
      `glob ${pattern} matches no file (looked from ${process.cwd()}); ` +
        'quote it so that the shell leaves it alone, and use ** to cross folders',
    );
  }
  const found = sourcesOf(paths);
  if (found.sources.length > 0) return found;
  throw new UsageError(
    `glob ${pattern} matches ${found.leftOut} files, none of a known kind; known endings: ${KNOWN}`,
  );
}

function sourcesOf(paths: readonly string[]): FoundSources {
  const sources = [...paths].sort(byCodeUnits).flatMap((path) => sourceOf(path) ?? []);
  return { sources, leftOut: paths.length - sources.length };
}

function namedSource(path: string): Source {
  const source = sourceOf(path);
  if (source !== undefined) return source;
  throw new UsageError(
    `input ${path} has an ending that is not known; known endings: ${KNOWN}. Rename or convert the file, ` +
      'or send it through the standard input (-) if it is JSONL or plain text',
  );
}

function sourceOf(path: string): Source | undefined {
  const [, ending = '', packed] = ENDING.exec(path) ?? [];
  const kind = KINDS[ending.toLowerCase()];
  if (kind === undefined || (kind === 'parquet' && packed !== undefined)) return undefined;
  const compression =
    packed === undefined ? null : packed.toLowerCase() === '.gz' ? 'gzip' : 'zstd';
  return { path, kind, compression };
}

/** Not localeCompare: the order must not depend on the machine's language. */
function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
