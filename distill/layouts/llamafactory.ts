import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { exchangesOf, parseAs } from '../../core/formats/exchanges.ts';
import { fromShareGpt, ShareGptRow, toShareGpt } from '../../core/formats/sharegpt.ts';
import type { DatasetRow, Split } from '../dataset-row.ts';
import type { DatasetAbout, Layout, Sidecar } from './layout.ts';
import { asTrained, idsOf, layoutLine } from './layout-line.ts';

type Turn = ShareGptRow['conversations'][number];

const Line = ShareGptRow.extend({ id: z.string(), source_id: z.string() });

// What its own reader of OpenAI's format puts between the results of parallel calls: in Qwen's template
// it ends one result's block and begins the next one's.
const BETWEEN_RESULTS = '\n</tool_response>\n<tool_response>\n';

/**
 * LLaMA-Factory's sharegpt form, the one of its two that keeps arguments and the text beside calls.
 * Reading loses call ids (call_1, call_2, ... come back) and an empty text beside calls.
 */
export const llamaFactoryLayout: Layout = {
  trainer: 'llamafactory',
  file,
  line: (row, task) => layoutLine(row, task, toColumns),
  read: (value) => {
    const line = parseAs(Line, value, 'LLaMA-Factory sharegpt');
    const conversations = line.conversations.map(withListedResults);
    const conversation = fromShareGpt({ ...line, conversations });
    return asTrained({ ...idsOf(line), ...conversation });
  },
  sidecars,
};

function file(split: Split): string {
  return `llamafactory/${split}.jsonl`;
}

function toColumns(row: DatasetRow): Record<string, unknown> {
  const { conversations, system, tools } = toShareGpt(row);
  // toShareGpt gives one turn an exchange, but for the system message.
  const turns = exchangesOf(row).filter(({ role }) => role !== 'system');
  const joined = conversations.map((turn, index) => {
    const exchange = turns[index];
    if (exchange?.role !== 'tool' || exchange.results.length < 2) return turn;
    const contents = exchange.results.map(({ content }) => content);
    return { from: turn.from, value: contents.join(BETWEEN_RESULTS) };
  });
  const hasSlot = joined.some(({ from, value }) => from === 'human' && value.includes('{{idx}}'));
  if (hasSlot) {
    throw new UsageError(
      'a user message holds {{idx}}, which LLaMA-Factory’s templates replace by a number',
    );
  }
  return { conversations: joined, system, tools };
}

/** Several results of one observation as the JSON list that fromShareGpt reads. */
function withListedResults(turn: Turn): Turn {
  if (turn.from !== 'observation' || !turn.value.includes(BETWEEN_RESULTS)) return turn;
  return { from: turn.from, value: JSON.stringify(turn.value.split(BETWEEN_RESULTS)) };
}

function sidecars({ name, splits }: DatasetAbout): Sidecar[] {
  const entries = splits.map(({ split }) => [
    split === 'train' ? name : `${name}_${split}`,
    {
      file_name: `${split}.jsonl`,
      formatting: 'sharegpt',
      columns: { messages: 'conversations', system: 'system', tools: 'tools' },
    },
  ]);
  const text = `${JSON.stringify(Object.fromEntries(entries), null, 2)}\n`;
  return [{ path: 'llamafactory/dataset_info.json', text }];
}
