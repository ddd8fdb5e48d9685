import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DatasetRow, DatasetTask, Split } from '../../distill/dataset-row.ts';
import { LAYOUTS } from '../../distill/layouts/layouts.ts';

const SPLITS: [Split, number][] = [
  ['train', 16],
  ['validation', 4],
];

/** A dataset of short rows, as `gem-traj distill` writes it for all trainers: some hundred bytes a row. */
export async function writeSmallDataset(
  folder: string,
  task: DatasetTask = 'synthesizer',
  over: Record<string, unknown> = {},
): Promise<void> {
  const splits = SPLITS.map(([split, rows]) => ({
    split,
    rows,
    documents: rows,
    tokens: rows * 60,
    trained_tokens: rows * 30,
  }));
  for (const layout of Object.values(LAYOUTS)) {
    for (const [split, count] of SPLITS) {
      const rows = Array.from({ length: count }, (_, index) => smallRow(task, `${split}-${index}`));
      const lines = rows.map((row) => {
        const made = layout.line(row, task);
        if (!made.ok) throw new Error(made.reason);
        return `${JSON.stringify(made.line)}\n`;
      });
      await write(join(folder, layout.file(split)), lines.join(''));
    }
    for (const { path, text } of layout.sidecars({ task, name: 'small', splits }))
      await write(join(folder, path), text);
  }
  const manifest = {
    kind: 'gem-traj dataset',
    schema_version: 1,
    state: 'finished',
    name: 'small',
    task,
    trainers: Object.keys(LAYOUTS),
    settings: { max_tokens: 32_768 },
    tokenizer: { name: 'qwen3', sha256: '0' },
    offline: false,
    splits,
    tokens: { max: 70 },
    ...over,
  };
  await write(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

const TOOL = {
  type: 'function' as const,
  function: {
    name: 'renew_loan',
    description: 'Renews a loan.',
    parameters: {
      type: 'object',
      properties: { loan_id: { type: 'string' } },
      required: ['loan_id'],
    },
  },
};

function smallRow(task: DatasetTask, id: string): DatasetRow {
  const loan = `L-${id.length}${id.at(-1)}`;
  if (task === 'synthesizer')
    return {
      id,
      source_id: id,
      tools: [],
      messages: [
        { role: 'user', content: `A loan is renewed once. This one is ${loan}.` },
        { role: 'assistant', content: `<system>Renew once.</system><user>Renew ${loan}.</user>` },
      ],
    };
  const call = { name: 'renew_loan', arguments: JSON.stringify({ loan_id: loan }) };
  return {
    id,
    source_id: id,
    tools: [TOOL],
    messages: [
      { role: 'system', content: 'A loan is renewed once.' },
      { role: 'user', content: `Please renew ${loan}.` },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: call }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '{"renewed": true}' },
      { role: 'assistant', content: `${loan} is renewed.` },
    ],
  };
}

async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}
