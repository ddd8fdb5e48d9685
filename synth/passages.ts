import type { Passage } from '../core/passage.ts';
import type { SynthConfig } from './config.ts';
import { type CorpusOptions, readCorpus } from './corpus/corpus.ts';
import type { CorpusReport } from './corpus/report.ts';

/** The passages of inputs, read as a configuration says, or those already chosen; the report counts them. */
export async function* passagesOf(
  config: SynthConfig,
  from: string[] | Passage[],
  report: CorpusReport,
): AsyncGenerator<Passage> {
  const inputs = from.filter((one) => typeof one === 'string');
  if (inputs.length > 0) yield* readCorpus(corpusOptions(config, inputs), report);
  for (const passage of from) {
    if (typeof passage === 'string') continue;
    report.passages += 1;
    yield passage;
  }
}

/** How a configuration reads its inputs. */
function corpusOptions({ corpus }: SynthConfig, inputs: string[]): CorpusOptions {
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
