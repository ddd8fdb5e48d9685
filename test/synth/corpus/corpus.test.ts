import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { describeCorpusReport } from '../../../synth/corpus/report.ts';
import { fixture, readAll } from './read.ts';

const hash = (text: string) => createHash('sha256').update(text).digest('hex');

describe('a folder', () => {
  it('comes in the order of its paths, without hidden files', async () => {
    const { passages, report } = await readAll([fixture('folder')]);
    expect(passages.map(({ id, text }) => [id.replace(/~.*/, '~'), text.slice(0, 12)])).toEqual([
      ['mail/archive', 'Archive old '],
      ['7', 'To export th'],
      [hash(passages[2]?.text ?? '').slice(0, 16), 'Printers are'],
      ['mail/archive~', 'Archived mai'],
      [hash(passages[4]?.text ?? '').slice(0, 16), '# Reset a ro'],
      [hash(passages[5]?.text ?? '').slice(0, 16), 'Plain text w'],
    ]);
    expect(report).toMatchObject({ files: 4, files_left_out: 1, read: 12, passages: 6 });
  });

  it('counts every document that gave nothing, by reason', async () => {
    const { report } = await readAll([fixture('folder')]);
    expect(report.skipped).toEqual({
      empty: 1,
      too_short: 1,
      too_long: 0,
      binary: 2,
      not_text: 1,
      duplicate: 1,
    });
    expect(report.renamed_ids).toBe(1);
    expect(describeCorpusReport(report)).toMatchInlineSnapshot(`
      [
        "12 documents in 4 files gave 6 passages",
        "  left out, empty: 1",
        "  left out, below the lowest length: 1",
        "  left out, binary or not UTF-8: 2",
        "  left out, no text in the text field: 1",
        "  left out, duplicate of an earlier text: 1",
        "  id taken by another text, its hash added: 1",
        "  files left out for their ending: 1",
      ]
    `);
  });

  it('gives title, address and licence where a row has them, and the hash of the text', async () => {
    const { passages } = await readAll([fixture('folder')]);
    expect(passages[0]).toEqual({
      id: 'mail/archive',
      sha256: hash(passages[0]?.text ?? ''),
      text: 'Archive old mail\n\n1. Open the mailbox.\n2. Choose Archive from the menu.\n3. Confirm the date range, at most 365 days.',
      title: 'Archive old mail',
      url: 'https://example.org/archive',
      licence: 'CC0-1.0',
    });
    expect(passages[1]).toMatchObject({ title: null, url: null, licence: null });
    expect(passages[4]).toMatchObject({ title: 'Reset a router' });
    expect(passages[3]?.id).toBe(`mail/archive~${passages[3]?.sha256.slice(0, 8)}`);
  });
});

describe('fields', () => {
  it('are taken by name when they are asked for', async () => {
    const { passages, report } = await readAll([fixture('fields.jsonl')], {
      textField: 'markdown',
      idField: 'key',
    });
    expect(passages.map(({ id }) => id)).toEqual(['k1', passages[1]?.sha256.slice(0, 16)]);
    expect(report.missing_ids).toBe(1);
  });

  it.each([
    [
      {},
      /fields\.jsonl has no field text, content, .* first row: key, markdown, score\. .*--text-field/,
    ],
    [{ textField: 'body' }, /has no field body\. Fields of its first row: key, markdown, score/],
    [{ textField: 'markdown', idField: 'uid' }, /has no field uid\. .*key, markdown.*--id-field/],
    [{ preset: 'ultra-fineweb' as const }, /no field content \(preset ultra-fineweb\)/],
  ])('that are missing are named with those there are (%o)', async (options, message) => {
    await expect(readAll([fixture('fields.jsonl')], options)).rejects.toThrow(message);
  });
});

describe('length', () => {
  const long = Array.from({ length: 40 }, (_, n) => `Paragraph ${n} says that valve ${n} is shut.`);
  const row = JSON.stringify({ id: 'manual', title: 'Valves', text: long.join('\n\n') });

  it('above the highest is split into numbered parts', async () => {
    const { passages, report } = await readAll(['-'], { maxTokens: 100 }, row);
    expect(passages.map(({ id }) => id)).toEqual(passages.map((_, n) => `manual#${n + 1}`));
    expect(passages.map(({ text }) => text).join('\n\n')).toBe(long.join('\n\n'));
    expect(passages.every(({ title }) => title === 'Valves')).toBe(true);
    expect(report).toMatchObject({ read: 1, split_documents: 1, passages: passages.length });
  });

  it('above the highest is skipped when asked', async () => {
    const { passages, report } = await readAll(['-'], { maxTokens: 100, overlong: 'skip' }, row);
    expect(passages).toEqual([]);
    expect(report.skipped.too_long).toBe(1);
  });

  it('leaves out a part that an earlier document had', async () => {
    const first = await readAll(['-'], { maxTokens: 100 }, row);
    const part = JSON.stringify({ id: 'part', text: first.passages[1]?.text.toUpperCase() });
    const { passages, report } = await readAll(['-'], { maxTokens: 100 }, `${part}\n${row}`);
    expect(passages.map(({ id }) => id).slice(0, 3)).toEqual(['part', 'manual#1', 'manual#3']);
    expect(report.skipped_parts.duplicate).toBe(1);
  });

  it('that cannot be is refused', async () => {
    await expect(readAll(['-'], { minTokens: 9, maxTokens: 5 }, row)).rejects.toThrow(
      /9 to 5 tokens/,
    );
  });
});

it('reads the same corpus into the same passages', async () => {
  const once = await readAll([fixture('folder')], { maxTokens: 12, minTokens: 2 });
  const again = await readAll([fixture('folder')], { maxTokens: 12, minTokens: 2 });
  expect(again).toEqual(once);
  expect(new Set(once.passages.map(({ id }) => id)).size).toBe(once.passages.length);
});
