import { SynthConfig } from '../config.ts';
import { readCorpus } from '../corpus/corpus.ts';
import { newCorpusReport } from '../corpus/report.ts';

/**
 * The texts of a corpus by the ids of its passages, all held in memory; a document that is too long for one
 * passage has its parts' ids too (`id#1`), and the whole under its own.
 */
export async function corpusTexts(inputs: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  const { min_tokens, max_tokens } = SynthConfig.parse({}).corpus;
  const whole = { minTokens: 0, maxTokens: Number.MAX_SAFE_INTEGER };
  const asRunsDo = { minTokens: min_tokens, maxTokens: max_tokens };
  for (const limits of [whole, asRunsDo]) {
    const options = { inputs: [...inputs], overlong: 'split' as const, ...limits };
    for await (const { id, text } of readCorpus(options, newCorpusReport())) {
      if (!texts.has(id)) texts.set(id, text);
    }
  }
  return texts;
}
