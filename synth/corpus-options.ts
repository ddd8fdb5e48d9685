import type { SynthConfig } from './config.ts';
import type { CorpusOptions } from './corpus/corpus.ts';

/** How a configuration reads its inputs. */
export function corpusOptions({ corpus }: SynthConfig, inputs: string[]): CorpusOptions {
  const {
    min_tokens: minTokens,
    max_tokens: maxTokens,
    overlong,
    text_field,
    id_field,
    preset,
  } = corpus;
  return {
    inputs,
    minTokens,
    maxTokens,
    overlong,
    ...(text_field === undefined ? {} : { textField: text_field }),
    ...(id_field === undefined ? {} : { idField: id_field }),
    ...(preset === undefined ? {} : { preset }),
  };
}
