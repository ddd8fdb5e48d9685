import { join } from 'node:path';
import type { Passage } from '../../../core/passage.ts';
import { type CorpusOptions, readCorpus } from '../../../synth/corpus/corpus.ts';
import { type CorpusReport, newCorpusReport } from '../../../synth/corpus/report.ts';

const FIXTURES = join(import.meta.dirname, 'fixtures');

/** Path of a fixture. */
export function fixture(name: string): string {
  return join(FIXTURES, name);
}

/** All passages of some inputs, and the report. */
export async function readAll(
  inputs: string[],
  options: Partial<CorpusOptions> = {},
  stdin: string | null = null,
): Promise<{ passages: Passage[]; report: CorpusReport }> {
  const report = newCorpusReport();
  const resolved: CorpusOptions = {
    inputs,
    minTokens: 10,
    maxTokens: 500,
    overlong: 'split',
    ...options,
  };
  const passages: Passage[] = [];
  for await (const passage of readCorpus(resolved, report, bytesOf(stdin ?? ''))) {
    passages.push(passage);
  }
  return { passages, report };
}

/** A text's bytes in chunks of a few, as a pipe might bring them. */
export async function* bytesOf(text: string, size = 7): AsyncGenerator<Uint8Array> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}
