import { stringify } from 'yaml';
import { z } from 'zod';
import { parseAs, parseJson } from '../../core/formats/exchanges.ts';
import { fromOpenAi } from '../../core/formats/openai.ts';
import type { Split } from '../dataset-row.ts';
import type { DatasetAbout, Layout, Sidecar } from './layout.ts';
import { idsOf, layoutLine } from './layout-line.ts';

const Line = z.object({
  id: z.string(),
  source_id: z.string(),
  messages: z.string(),
  tools: z.string(),
});

/**
 * axolotl's `chat_template` type. Messages are a JSON string, which it parses itself: as objects their
 * types would be guessed from the first rows, and a row with the first call among thousands would not load.
 */
export const axolotlLayout: Layout = {
  trainer: 'axolotl',
  file,
  line: (row, task) =>
    layoutLine(row, task, ({ messages, tools }) => ({
      messages: JSON.stringify(messages),
      tools: JSON.stringify(tools),
    })),
  read: (value) => {
    const line = parseAs(Line, value, 'axolotl');
    const messages = parseJson(line.messages, 'axolotl');
    return { ...idsOf(line), ...fromOpenAi({ messages, tools: line.tools }) };
  },
  sidecars,
};

function file(split: Split): string {
  return `axolotl/${split}.jsonl`;
}

function sidecars({ splits }: DatasetAbout): Sidecar[] {
  const has = (wanted: Split) => splits.some(({ split }) => split === wanted);
  const settings = {
    ...(has('train') ? { datasets: [dataset('train')] } : {}),
    ...(has('validation') ? { test_datasets: [dataset('validation')] } : {}),
  };
  const head =
    '# Put these lines into an axolotl configuration; paths start at the folder that holds this one’s parent.\n';
  return [{ path: 'axolotl/datasets.yaml', text: `${head}${stringify(settings)}` }];
}

function dataset(split: Split) {
  return {
    path: file(split),
    ds_type: 'json',
    split: 'train',
    type: 'chat_template',
    field_messages: 'messages',
    field_tools: 'tools',
    roles_to_train: ['assistant'],
    train_on_eos: 'turn',
  };
}
