import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../../core/package-root.ts';
import { replaceFile } from '../../core/write-file.ts';

const Document = z.looseObject({ id: z.string(), held_out: z.boolean() });

/** The sample corpus in two files: the documents to learn from, and those that the synthesizer must never have seen. */
export interface SplitCorpus {
  learnFrom: string;
  heldOut: string;
  /** Ids of the documents of each. */
  ids: { learnFrom: string[]; heldOut: string[] };
}

/** Splits the sample corpus by its documents' own mark, `held_out`, and writes both parts into a folder. */
export async function splitCorpus(folder: string): Promise<SplitCorpus> {
  const path = join(packageRoot(), 'synth', 'sample', 'corpus.jsonl');
  const lines = (await readFile(path, 'utf8')).trim().split('\n');
  const documents = lines.map((line) => ({ line, ...Document.parse(JSON.parse(line)) }));
  const write = async (name: string, isHeldOut: boolean) => {
    const part = documents.filter((one) => one.held_out === isHeldOut);
    const file = join(folder, name);
    await replaceFile(file, part.map(({ line }) => `${line}\n`).join(''));
    return { file, ids: part.map(({ id }) => id) };
  };
  const learnFrom = await write('learn-from.jsonl', false);
  const heldOut = await write('held-out.jsonl', true);
  return {
    learnFrom: learnFrom.file,
    heldOut: heldOut.file,
    ids: { learnFrom: learnFrom.ids, heldOut: heldOut.ids },
  };
}
