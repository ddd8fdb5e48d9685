import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../../../core/errors.ts';
import { readTextIfThere } from '../../../core/read-text.ts';
import { runFolder } from '../../../core/run/run-name.ts';

/** What a folder holds, by its manifest. */
type FolderKind = 'run' | 'training' | 'dataset' | 'benchmark' | 'comparison' | 'ablation';

/** A folder that a report can show. */
export interface KnownFolder {
  kind: FolderKind;
  folder: string;
  /** What the report calls it: the folder's name, below a parent the way from there. */
  place: string;
  /** It was named itself, not found below another. */
  isNamed: boolean;
}

/** What was found, and manifests that say nothing to a report. */
export interface FoundFolders {
  /** What the first name stands for. */
  root: string;
  folders: KnownFolder[];
  notes: string[];
}

const ALLOWED =
  'a report takes a run (name or folder), a folder that train, distill, eval bfcl, eval tau2, eval compare --out or eval ablate wrote, and a folder that holds such folders';

/** How far below a folder its parts are looked for. */
const DEEPEST = 3;

/**
 * Finds what names stand for: runs below runs/, folders, and folders of folders, which are taken apart. A folder that
 * comes twice is taken once.
 * @throws UsageError for a name that stands for nothing that a report can show
 */
export async function findFolders(names: readonly string[]): Promise<FoundFolders> {
  const seen = new Set<string>();
  const found: FoundFolders = { root: '', folders: [], notes: [] };
  for (const name of names) {
    const folder = await existingFolder(name);
    found.root ||= folder;
    const own = await foldersIn(folder, basename(await realpath(folder)), 0);
    if (own.folders.length === 0)
      throw new UsageError(
        [`${name}: ${own.notes[0] ?? 'nothing to report on'}`, ALLOWED].join('; '),
      );
    for (const one of own.folders) {
      const path = await realpath(one.folder);
      const key = `${one.kind} ${path}`;
      if (!seen.has(key)) found.folders.push(one);
      seen.add(key);
    }
    found.notes.push(...own.notes);
  }
  return found;
}

/** A path, or a name below runs/, or else a folder of that name here. */
async function existingFolder(name: string): Promise<string> {
  for (const path of new Set([runFolder(name), name])) {
    const found = await stat(path).catch(() => undefined);
    if (found?.isDirectory()) return path;
    if (found !== undefined) throw new UsageError(`${name} is no folder; ${ALLOWED}`);
  }
  throw new UsageError(`${name}: there is no folder ${runFolder(name)}; ${ALLOWED}`);
}

type Found = Omit<FoundFolders, 'root'>;

async function foldersIn(folder: string, place: string, depth: number): Promise<Found> {
  const kinds = await kindsIn(folder);
  if (kinds === 'judge')
    return {
      folders: [],
      notes: [`${place} holds a judge's answers, which belong to a comparison`],
    };
  if (kinds === 'unknown')
    return { folders: [], notes: [`${place}: its manifest.json is none that a report knows`] };
  const found: Found = {
    folders: kinds.map((kind) => ({ kind, folder, place, isNamed: depth === 0 })),
    notes: [],
  };
  const isWhole = kinds.some((kind) => !STANDS_OVER.has(kind));
  if (isWhole || depth === DEEPEST) return found;
  for (const entry of (await readdir(folder, { withFileTypes: true })).sort(byName)) {
    const isOther = entry.name.startsWith('.') || entry.name === 'node_modules';
    const isOfJudge = kinds.length > 0 && entry.name === 'preference';
    if (!entry.isDirectory() || isOther || isOfJudge) continue;
    const way = depth === 0 ? entry.name : `${place}/${entry.name}`;
    const below = await foldersIn(join(folder, entry.name), way, depth + 1);
    found.folders.push(...below.folders);
    found.notes.push(...below.notes);
  }
  return found;
}

/** What may stand in the folder of the runs that it is about. */
const STANDS_OVER: ReadonlySet<FolderKind> = new Set(['comparison', 'ablation']);

const byName = (a: { name: string }, b: { name: string }) => (a.name < b.name ? -1 : 1);

const KINDS: [FolderKind, z.ZodType][] = [
  ['training', z.looseObject({ kind: z.literal('gem-traj training') })],
  ['dataset', z.looseObject({ kind: z.literal('gem-traj dataset') })],
  ['benchmark', z.looseObject({ benchmark: z.string() })],
  ['run', z.looseObject({ method: z.string(), funnel: z.looseObject({}) })],
];
const OfJudge = z.looseObject({ method: z.literal('preference') });
const OfComparison = z.looseObject({ kind: z.literal('comparison') });
const OfAblation = z.looseObject({ kind: z.literal('ablation') });

/** Nothing where there is no manifest, and nothing of that kind. */
async function kindsIn(folder: string): Promise<FolderKind[] | 'judge' | 'unknown'> {
  const kinds: FolderKind[] = [];
  if (OfAblation.safeParse(await jsonIn(join(folder, 'ablation.json'))).success)
    kinds.push('ablation');
  if (OfComparison.safeParse(await jsonIn(join(folder, 'compare.json'))).success)
    kinds.push('comparison');
  const manifest = await jsonIn(join(folder, 'manifest.json'));
  if (manifest === undefined || kinds.length > 0) return kinds;
  if (OfJudge.safeParse(manifest).success) return 'judge';
  const kind = KINDS.find(([, schema]) => schema.safeParse(manifest).success)?.[0];
  return kind === undefined ? 'unknown' : [kind];
}

/** undefined where there is no such file, null where it is no JSON. */
async function jsonIn(path: string): Promise<unknown> {
  const text = await readTextIfThere(path);
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
