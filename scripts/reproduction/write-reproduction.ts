import { chmod, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { bashWord } from '../../core/launch/bash-words.ts';
import { readCluster } from '../../core/launch/cluster.ts';
import { packageRoot } from '../../core/package-root.ts';
import { readTextIfThere } from '../../core/read-text.ts';
import { replaceFile } from '../../core/write-file.ts';

/** What is to be written. */
interface Wish {
  toy: boolean;
  /** A cluster's name or file. */
  cluster?: string | undefined;
}

/**
 * Writes an experiment's folder: reproduce.sh and the configuration that its commands read. Files that are there and
 * were changed by hand stay as they are; so the script is written anew only where it is not there.
 * @param out the folder
 * @returns the script, and what to tell the user
 * @throws UsageError for a cluster that is not there, or one for a toy
 */
export async function writeReproduction(
  out: string,
  { toy, cluster }: Wish,
): Promise<{ script: string; notes: string[] }> {
  if (toy && cluster !== undefined)
    throw new UsageError('--cluster is of no use with --toy, which runs here');
  const files = toy ? await toyFiles() : await paperFiles(cluster);
  const script = join(out, 'reproduce.sh');
  files.set('reproduce.sh', await scriptText(toy));
  await mkdir(join(out, 'corpus'), { recursive: true });
  const kept: string[] = [];
  for (const [name, text] of files) {
    const before = await readTextIfThere(join(out, name));
    if (before === undefined) await replaceFile(join(out, name), text);
    else if (before !== text) kept.push(name);
  }
  await chmod(script, 0o755);
  return { script, notes: notesOf(script, toy, kept) };
}

/** Settings of the size, then the experiment, which is the same for both. */
async function scriptText(toy: boolean): Promise<string> {
  const folder = join(packageRoot(), 'scripts', 'reproduction');
  const part = (name: string) => readFile(join(folder, name), 'utf8');
  const settings = await part(toy ? 'settings-toy.sh' : 'settings-paper.sh');
  const filled = settings.replace('@GEM_TRAJ_HOME@', () => bashWord(packageRoot()));
  return `#!/usr/bin/env bash\n${filled}\n${await part('experiment.sh')}`;
}

/** Endpoints, the paper's stages, the cluster: copies, to be changed for this experiment. */
async function paperFiles(cluster = 'example'): Promise<Map<string, string>> {
  const shipped = (name: string) => readFile(join(packageRoot(), 'configs', name), 'utf8');
  const { file } = await readCluster(cluster);
  return new Map([
    ['endpoints.yaml', withoutSchema(await shipped('endpoints.yaml'))],
    ['synth.yaml', withoutSchema(await shipped('synth-paper.yaml'))],
    ['ablate.yaml', ABLATION],
    ['cluster.yaml', withoutSchema(await readFile(file, 'utf8'))],
  ]);
}

/** The schema lies beside the shipped file, not beside the copy. */
function withoutSchema(text: string): string {
  return text.replace(/^# yaml-language-server:.*\n/, '');
}

const ABLATION = `# What all variants begin from, and the endpoint of the synthesizer's.
synth: synth.yaml
variants: { synthesizer: { endpoint: synthesizer } }
`;

/** A random model does not end by itself: its answers are cut, and not asked for again. */
const TOY_SYNTH = `# The paper's gate: its rule check and a judge that does not see our findings decide; nothing is mended.
gate: paper
judge_prompt: paper
repair: 0
bad_answer_retries: 0
stages:
  synthesize: { sampling: { max_tokens: 32 } }
`;

/** The sample corpus in three parts: what the pipeline reads, and what the synthesizer is tried on. */
async function toyFiles(): Promise<Map<string, string>> {
  const text = await readFile(join(packageRoot(), 'synth', 'sample', 'corpus.jsonl'), 'utf8');
  const lines = text.trimEnd().split('\n');
  const part = (from: number, to: number) => `${lines.slice(from, to).join('\n')}\n`;
  return new Map([
    ['corpus/passages.jsonl', part(0, 24)],
    ['corpus/unseen-passages.jsonl', part(24, 32)],
    ['corpus/how-to.jsonl', part(32, 40)],
    ['synth.yaml', TOY_SYNTH],
    ['ablate.yaml', ABLATION],
  ]);
}

function notesOf(script: string, toy: boolean, kept: readonly string[]): string[] {
  const notes = [`written: ${script}`];
  if (kept.length > 0)
    notes.push(
      `there already, with changes, and kept: ${kept.join(', ')} (remove them to get new ones)`,
    );
  if (!toy)
    notes.push(
      'Read it and its files (endpoints.yaml, synth.yaml, cluster.yaml), then run it where sbatch is:',
      `  ULTRA_FINEWEB=... UNSEEN_ULTRA_FINEWEB=... WIKIHOW=... ${bashWord(script)}`,
    );
  return notes;
}
