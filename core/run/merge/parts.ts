import { readFile, realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../../errors.ts';
import { requireSameFingerprint } from '../fingerprint.ts';
import { isLocked } from '../lock.ts';
import { type Manifest, readManifest } from '../manifest.ts';
import { shardName, shardsIn } from '../shard.ts';

/** A run that is to be joined with others. */
export interface Part {
  folder: string;
  manifest: Manifest;
}

/** What is merged, in order, and what is not there or not done. */
export interface Parts {
  parts: Part[];
  /** In words, one each; empty where everything is there and finished. */
  gaps: string[];
}

/**
 * The runs behind folders: shards, in order (a folder with shards in it stands for all of them), or whole runs as given,
 * merged ones among them.
 * @throws UsageError where they do not belong together: other settings, another number of shards, another corpus
 */
export async function findParts(folders: readonly string[]): Promise<Parts> {
  const found: Part[] = [];
  const seen = new Set<string>();
  const isAlone = folders.length === 1;
  const expandedFolders = await Promise.all(folders.map((one) => expanded(one, isAlone)));
  for (const folder of expandedFolders.flat()) {
    const real = await realpath(folder).catch(() => resolve(folder));
    if (seen.has(real)) continue;
    seen.add(real);
    const manifest = await readManifest(folder);
    if (manifest !== undefined) found.push({ folder, manifest });
    else if (!(await isShardFolder(folder)))
      throw new UsageError(`${folder}: there is no run to merge (no manifest.json)`);
  }
  const [first, ...others] = found;
  if (first === undefined)
    throw new UsageError(
      `${folders.join(', ')}: no shard has begun yet; there is nothing to merge`,
    );
  for (const other of others) requireSameSettings(first, other);
  const shards = requireOneDivision(found);
  const parts = shards === null ? found : inOrder(found);
  requireSameCorpus(parts);
  const missing = shards === null ? [] : missingShards(shards, parts);
  return { parts, gaps: [...missing, ...(await unfinished(parts))] };
}

/**
 * A folder with shards stands for these, also where they were merged into it: it is merged anew. Beside others it is the
 * merged run: shards of several runs do not belong together.
 */
async function expanded(folder: string, isAlone: boolean): Promise<string[]> {
  const shards = shardsIn(folder).map((shard) => shard.folder);
  if (shards.length === 0) return [folder];
  const isMerged = !isAlone && (await readManifest(folder))?.merged !== undefined;
  return isMerged ? [folder] : shards;
}

/** A shard that was killed before its first manifest is missing, not foreign. */
async function isShardFolder(folder: string): Promise<boolean> {
  return /^\d+-of-\d+$/.test(resolve(folder).split('/').at(-1) ?? '');
}

function requireSameSettings(first: Part, { folder, manifest }: Part): void {
  requireSameFingerprint(
    folder,
    first.manifest.fingerprint_parts,
    manifest.fingerprint_parts,
    [`Only runs with the same settings can be joined (left: ${first.folder}, right: ${folder}).`],
    `${first.folder} and ${folder} have different settings`,
  );
}

/** Null for runs that are no shards. */
function requireOneDivision(parts: Part[]): number | null {
  const counts = new Map(parts.map((part) => [part.manifest.shard?.count ?? null, part]));
  const [first, second] = [...counts];
  if (first === undefined || second === undefined) return first?.[0] ?? null;
  const say = ([count, { folder }]: [number | null, Part]) =>
    `${folder} is ${count === null ? 'no shard' : `a shard of ${count}`}`;
  throw new UsageError(`${say(first)}, and ${say(second)}: they cannot be merged`);
}

function inOrder(parts: Part[]): Part[] {
  const index = ({ manifest }: Part) => manifest.shard?.index ?? 0;
  const sorted = [...parts].sort((a, b) => index(a) - index(b));
  const twice = sorted.find((part, at) => at > 0 && index(part) === index(sorted[at - 1] ?? part));
  if (twice === undefined) return sorted;
  const both = sorted.filter((part) => index(part) === index(twice)).map(({ folder }) => folder);
  throw new UsageError(`shard ${nameOf(twice)} is given twice: ${both.join(', ')}; leave one out`);
}

/** Each shard reads the whole corpus: where two of them saw another one, passages are in both or in none. */
function requireSameCorpus(parts: Part[]): void {
  const whole = parts.filter(
    ({ manifest: { state, message, shard } }) =>
      shard !== undefined && state === 'finished' && message === null,
  );
  const size = ({ manifest: { corpus } }: Part) =>
    `${corpus.read} documents, ${corpus.passages} passages`;
  const [first] = whole;
  const other = whole.find((part) => first !== undefined && size(part) !== size(first));
  if (first === undefined || other === undefined) return;
  throw new UsageError(
    `the shards read different input: ${first.folder} ${size(first)}, ${other.folder} ${size(other)}; run those that saw the wrong one again (remove their folders)`,
  );
}

function missingShards(count: number, parts: Part[]): string[] {
  const there = new Set(parts.map(({ manifest }) => manifest.shard?.index));
  const missing = Array.from({ length: count }, (_, at) => at + 1).filter((one) => !there.has(one));
  return missing.map((index) => `shard ${shardName({ index, count })} is missing`);
}

async function unfinished(parts: Part[]): Promise<string[]> {
  const gaps: string[] = [];
  for (const part of parts) {
    const { state, message } = part.manifest;
    const isRunning = await isLocked(part.folder);
    if (state === 'finished' && !isRunning) continue;
    const why = message === null ? '' : ` (${message.split('\n')[0]})`;
    const how = isRunning
      ? 'is still running'
      : `is ${state === 'running' ? 'killed' : state}${why}`;
    gaps.push(`${nameOf(part)} ${how}`);
  }
  return gaps;
}

/** `shard 2/4`, or the folder of a run that is none. */
function nameOf({ folder, manifest: { shard } }: Part): string {
  return shard === undefined ? folder : `shard ${shardName(shard)}`;
}

/** The settings of the first part as they stand in its config.yaml. */
export function configText({ folder }: Part): Promise<string> {
  return readFile(join(folder, 'config.yaml'), 'utf8');
}
