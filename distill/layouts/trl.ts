import { z } from 'zod';
import { Message } from '../../core/conversation.ts';
import { parseAs } from '../../core/formats/exchanges.ts';
import { fromOpenAi } from '../../core/formats/openai.ts';
import type { DatasetRow, DatasetTask, Split } from '../dataset-row.ts';
import { cardFrontMatter, type Feature } from './card-front-matter.ts';
import type { DatasetAbout, Layout, Sidecar } from './layout.ts';
import { idsOf, layoutLine } from './layout-line.ts';

const ChatLine = z.object({
  id: z.string(),
  source_id: z.string(),
  messages: z.array(z.unknown()),
  tools: z.string(),
});
const PairLine = z.object({
  id: z.string(),
  source_id: z.string(),
  prompt: z.array(Message),
  completion: z.array(Message),
});

/**
 * TRL's conversational forms: `messages` with `tools` for agents, `prompt` with `completion` for the
 * synthesizer, whose loss is on the completion. The folder is a dataset of its own, opened by
 * `load_dataset`; its README declares the columns, which loaders would otherwise guess from the first rows.
 */
export const trlLayout: Layout = {
  trainer: 'trl',
  file,
  line: (row, task) => layoutLine(row, task, (spaced) => toColumns(spaced, task)),
  read,
  sidecars,
};

function file(split: Split): string {
  return `trl/${split}.jsonl`;
}

function toColumns({ messages, tools }: DatasetRow, task: DatasetTask): Record<string, unknown> {
  if (task === 'agent') return { messages, tools: JSON.stringify(tools) };
  return { prompt: messages.slice(0, 1), completion: messages.slice(1) };
}

function read(value: unknown, task: DatasetTask): DatasetRow {
  if (task === 'synthesizer') {
    const line = parseAs(PairLine, value, 'TRL prompt and completion');
    return { ...idsOf(line), messages: [...line.prompt, ...line.completion], tools: [] };
  }
  const line = parseAs(ChatLine, value, 'TRL messages');
  return { ...idsOf(line), ...fromOpenAi(line) };
}

function sidecars({ task, splits }: DatasetAbout): Sidecar[] {
  const chat: Feature[] = [
    // Messages differ in their members; a list of JSON leaves absent what is absent.
    { name: 'messages', list: 'json' },
    { name: 'tools', dtype: 'string' },
  ];
  const pair: Feature[] = ['prompt', 'completion'].map((name) => ({ name, list: 'json' }));
  const ids: Feature[] = ['id', 'source_id'].map((name) => ({ name, dtype: 'string' }));
  const dataFiles = splits.map(({ split }) => ({ split, path: `${split}.jsonl` }));
  const features = [...ids, ...(task === 'agent' ? chat : pair)];
  const columns =
    task === 'agent'
      ? '`messages` in OpenAI’s chat format and `tools`, their definitions as a JSON string; train with `assistant_only_loss: true`.'
      : '`prompt` and `completion`, one message each; the loss is on the completion.';
  const text = `${cardFrontMatter({ dataFiles, features })}\nRows for TRL’s SFTTrainer: ${columns}\n\nThe head of this file declares the columns. Keep it beside the rows: without it \`datasets\` guesses types from the first rows.\n`;
  return [{ path: 'trl/README.md', text }];
}
