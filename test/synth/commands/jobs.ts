import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../../core/package-root.ts';
import { type Manifest, readManifest } from '../../../core/run/manifest.ts';
import { type CommandOptions, runCommand } from '../../helpers/command.ts';

/** The sample corpus: 80 documents, each one passage. */
export const CORPUS = join(packageRoot(), 'synth', 'sample', 'corpus.jsonl');

/** Writes an endpoints file: entries in YAML's flow form by name. */
export async function endpointsFile(
  folder: string,
  entries: Record<string, string>,
): Promise<string> {
  const file = join(folder, 'endpoints.yaml');
  const lines = Object.entries(entries).map(([name, entry]) => `  ${name}: ${entry}\n`);
  await writeFile(file, `endpoints:\n${lines.join('')}`);
  return file;
}

/** `gem-traj synth` on the sample corpus. */
export function synth(run: string, over: string[], options?: CommandOptions) {
  return runCommand(['synth', '--input', CORPUS, '--run', run, ...over], {
    timeout: 120_000,
    ...options,
  });
}

/** The JSON lines of a run's file. */
export async function linesOf(run: string, name: string) {
  const text = await readFile(join(run, name), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

export async function idsOf(run: string, name = 'trajectories.jsonl'): Promise<string[]> {
  return (await linesOf(run, name)).map(({ id }) => id);
}

/** A run's manifest, which must be there. */
export async function manifestOf(run: string): Promise<Manifest> {
  const manifest = await readManifest(run);
  if (manifest === undefined) throw new Error(`${run} has no manifest`);
  return manifest;
}
