import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sha256 } from '../../core/hash.ts';
import { JsonlAppender } from '../../core/jsonl-append.ts';
import { readManifest, writeManifest } from '../../core/run/manifest.ts';
import { Trajectory } from '../../core/trajectory.ts';

/** The accepted rows of a run, to make others of. */
export async function baseTrajectories(run: string): Promise<Trajectory[]> {
  const text = await readFile(join(run, 'trajectories.jsonl'), 'utf8');
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => Trajectory.parse(JSON.parse(line)));
}

/**
 * Writes a run folder of so many rows, each a copy of one of the base with words of its own in passage and
 * conversation, so that no two are near duplicates and each has about `bytes` bytes.
 */
export async function writeRunOf(
  folder: string,
  from: string,
  base: readonly Trajectory[],
  rows: number,
  bytes: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const vocabulary = [
    ...new Set(base.flatMap(({ source }) => source.text.match(/[a-z]{4,}/g) ?? [])),
  ];
  const { appender } = await JsonlAppender.open(join(folder, 'trajectories.jsonl'));
  for (let index = 0; index < rows; index += 1) {
    const row = base[index % base.length];
    if (row === undefined) throw new Error('no row to make rows of');
    await appender.append(variant(row, index, bytes, vocabulary));
  }
  await appender.close();
  const manifest = await readManifest(from);
  if (manifest === undefined) throw new Error(`${from} is no run`);
  const funnel = { ...manifest.funnel, accepted: rows };
  await writeManifest(folder, { ...manifest, offline: false, funnel });
}

/** Six letters a word with its blank. */
const WORD_BYTES = 8;

function variant(row: Trajectory, index: number, bytes: number, vocabulary: string[]): Trajectory {
  const missing = Math.max(0, bytes - JSON.stringify(row).length);
  const words = randomWords(index, Math.max(200, Math.floor(missing / WORD_BYTES)), vocabulary);
  const forPassage = words.slice(0, Math.floor(words.length / 2)).join(' ');
  const forUser = words.slice(Math.floor(words.length / 2)).join(' ');
  const text = `${row.source.text}\n\nNotes: ${forPassage}.`;
  const first = row.messages.findIndex(({ role }) => role === 'user');
  const messages = row.messages.map((message, at) =>
    at === first && message.role === 'user'
      ? { ...message, content: `${message.content} By the way: ${forUser}.` }
      : message,
  );
  const source = { ...row.source, id: `${row.source.id}-${index}`, text, sha256: sha256(text) };
  return { ...row, id: sha256(`${row.id} ${index}`).slice(0, 20), messages, source };
}

/** The same for the same index (xorshift). */
function randomWords(index: number, count: number, vocabulary: string[]): string[] {
  let state = (index + 1) * 2_654_435_761;
  return Array.from({ length: count }, () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return vocabulary[(state >>> 0) % vocabulary.length] ?? '';
  });
}
