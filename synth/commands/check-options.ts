import type { Argv } from 'yargs';
import type { FlagsOf } from '../../core/command.ts';
import { ROW_FORMATS } from '../../core/formats/read-row.ts';
import type { FileCheckOptions } from '../check/files/check-row.ts';
import { corpusTexts } from './check-source.ts';

/** The flags that say how rows are read and held to what: the same for check and its calibration. */
export function fileOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('format', {
      choices: ['auto', ...ROW_FORMATS] as const,
      default: 'auto' as const,
      describe: 'What the files are written in',
    })
    .option('source', {
      type: 'string',
      array: true,
      describe: "Corpus with the passages that the rows' source ids name",
    })
    .option('profile', {
      choices: ['foreign', 'gem'] as const,
      default: 'foreign' as const,
      describe: "Anybody's rows, or ours with our house rules",
    })
    .option('language', { type: 'string', describe: 'Language that the rows should be in' });
}

/** The options of the checks that the flags ask for. */
export async function checkOptionsOf(
  flags: FlagsOf<typeof fileOptions<object>>,
): Promise<FileCheckOptions> {
  const { profile, language = null, source = [] } = flags;
  if (source.length === 0) return { profile, language };
  const texts = await corpusTexts(source);
  return { profile, language, passageOf: (id) => texts.get(id) };
}
