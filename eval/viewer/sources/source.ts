import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { errorMessage, UsageError } from '../../../core/errors.ts';
import type { RowFormat } from '../../../core/formats/read-row.ts';
import { sha256 } from '../../../core/hash.ts';
import type { RowStatus } from '../../../core/run/find-row.ts';
import { type Manifest, readManifest } from '../../../core/run/manifest.ts';
import { MARKS_FILE } from '../../../core/run/marks.ts';
import type { FileCheckOptions } from '../../../synth/check/files/check-row.ts';
import { needsSpool } from './spool.ts';

/** A file with rows. */
export interface SourceFile {
  path: string;
  /** How its rows ended; null where that is not the file's to say. */
  status: RowStatus | null;
  /** The file has no lines of its own (Parquet, a JSON list): its rows are copied to this one first. */
  spool: string | null;
}

/** A run or a file whose rows are viewed. */
export interface Source {
  name: string;
  /** As the user named it. */
  given: string;
  files: SourceFile[];
  format: RowFormat | 'auto';
  /** How rows are held against the checks, for what is not in them: where arguments come from. */
  checks: FileCheckOptions;
  /** Null for a file. */
  manifest: Manifest | null;
  marksPath: string;
  cachePath: string;
}

const RUN_FILES: [RowStatus, string][] = [
  ['accepted', 'trajectories.jsonl'],
  ['rejected', 'rejected.jsonl'],
  ['surplus', 'surplus.jsonl'],
];

/**
 * Finds what a name on the command line means: a file, a run's folder, or the name of a run in runs/.
 * @throws UsageError where there is nothing of that name, or a folder is no run's
 */
export async function openSource(given: string, format: RowFormat | 'auto'): Promise<Source> {
  for (const path of [given, join('runs', given)]) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return runSource(given, path, format);
    if (found?.isFile()) return fileSource(given, path, format);
  }
  throw new UsageError(`${given}: there is no such file, and no run of that name in runs/`);
}

async function runSource(given: string, folder: string, format: Source['format']): Promise<Source> {
  const manifest = await readManifest(folder);
  if (manifest === undefined)
    throw new UsageError(`${given} is a folder without manifest.json; name a run, or a file in it`);
  const { language } = manifest.fingerprint_parts;
  return {
    name: basename(resolve(folder)),
    given,
    files: RUN_FILES.map(([status, name]) => ({ path: join(folder, name), status, spool: null })),
    format,
    checks: { profile: 'gem', language: typeof language === 'string' ? language : 'English' },
    manifest,
    marksPath: join(folder, MARKS_FILE),
    cachePath: join(folder, 'view-index.bin'),
  };
}

/** A file's folder is the user's: what the viewer keeps for itself goes to the user's cache. */
async function fileSource(given: string, path: string, format: Source['format']): Promise<Source> {
  const place = resolve(path);
  const kept = join(cacheFolder(), sha256(place).slice(0, 24));
  const spooled = await needsSpool(place).catch((cause: unknown) => {
    throw new UsageError(`cannot read ${given}: ${errorMessage(cause)}`, { cause });
  });
  return {
    name: basename(place),
    given,
    files: [{ path: place, status: null, spool: spooled ? `${kept}.jsonl` : null }],
    format,
    checks: { profile: 'foreign', language: null },
    manifest: null,
    marksPath: `${place}.marks.jsonl`,
    cachePath: `${kept}.bin`,
  };
}

function cacheFolder(): string {
  const { XDG_CACHE_HOME: given = '' } = process.env;
  return join(given === '' ? join(homedir(), '.cache') : given, 'gem-traj', 'view');
}
