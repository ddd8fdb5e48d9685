import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { terminal } from '../../core/terminal.ts';
import { type ChatTokenizer, defaultTokenizer } from '../../core/text/tokenizer.ts';
import { Split } from '../dataset-row.ts';
import { type FoundDatasetRow, findDatasetRow } from '../find-dataset-row.ts';
import { type InspectedRow, inspectRow } from '../inspect.ts';
import { inspectLines } from '../inspect-lines.ts';
import { Trainer } from '../layouts/layout.ts';

/** `gem-traj distill inspect DIR`: a row as the model reads it, with what is trained marked. */
export const inspectCommand = defineCommand({
  command: 'inspect <dir>',
  describe: 'Show a row of a dataset as the model reads it, what is trained marked',
  builder: inspectOptions,
  handler: async (flags) => {
    const { dir, split, trainer } = flags;
    const found = await findDatasetRow(dir, { by: rowOf(flags), split, trainer });
    const { tokenizer: counted, estimated_with: estimated } = found.manifest;
    const tokenizer = await defaultTokenizer(flags.tokenizer ?? (counted ?? estimated)?.name);
    const inspected = inspectRow(found.row, tokenizer);
    if (flags.json) terminal.print(JSON.stringify(forJson(found, inspected, tokenizer)));
    else {
      const isColoured = process.stdout.isTTY === true && !process.env.NO_COLOR;
      const marking = isColoured ? 'colour' : 'marks';
      for (const line of inspectLines(found, inspected, tokenizer, marking)) terminal.print(line);
    }
  },
});

function inspectOptions(yargs: Argv) {
  return yargs
    .positional('dir', {
      type: 'string',
      demandOption: true,
      describe: 'Folder of the dataset',
    })
    .option('row', {
      type: 'number',
      describe: 'Which row of the split, from 0',
      defaultDescription: '0',
    })
    .option('id', { type: 'string', describe: "The row's id or its beginning, in any split" })
    .option('split', {
      choices: Split.options,
      describe: 'Which split',
      defaultDescription: 'train; with --id all',
    })
    .option('trainer', {
      choices: Trainer.options,
      describe: "Whose file to read; shown through the tokenizer's own chat template all the same",
      defaultDescription: 'the first that the dataset was written for',
    })
    .option('tokenizer', {
      type: 'string',
      describe: 'qwen3, or a tokenizer.json or a folder that has one',
      defaultDescription: "the dataset's",
    })
    .option('json', { type: 'boolean', default: false, describe: 'As one JSON object' });
}

function rowOf({ row, id }: FlagsOf<typeof inspectOptions>): { row: number } | { id: string } {
  if (id === undefined) return { row: flagValue('row', z.number().int().min(0), row ?? 0) };
  if (row === undefined) return { id };
  throw new UsageError('--row and --id both name a row; give one of them');
}

function forJson(
  { row, trainer, split, index, file, manifest }: FoundDatasetRow,
  { tokens, trainedTokens, estimated, tellsTrained, segments, problems }: InspectedRow,
  tokenizer: ChatTokenizer | null,
) {
  return {
    id: row.id,
    source_id: row.source_id,
    task: manifest.task,
    trainer,
    split,
    row: index,
    file,
    tokens,
    trained_tokens: trainedTokens,
    tokens_estimated: estimated,
    tokenizer: tokenizer === null ? null : { name: tokenizer.name, sha256: tokenizer.sha256 },
    tells_trained: tellsTrained,
    segments,
    problems,
  };
}
