import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UsageError } from '../../../core/errors.ts';
import { readLines } from '../../../synth/corpus/lines.ts';
import { bytesOf } from './read.ts';

async function linesOf(text: string, size: number, most?: number): Promise<string[]> {
  const lines: string[] = [];
  for await (const { number, bytes } of readLines(bytesOf(text, size), 'pipe', most)) {
    expect(number).toBe(lines.length + 1);
    lines.push(Buffer.from(bytes).toString());
  }
  return lines;
}

describe('readLines', () => {
  it('gives back what was joined, however the chunks are cut', async () => {
    const line = fc.string({ unit: 'binary' }).map((text) => text.replace(/[\r\n]/g, ''));
    const cases = fc.tuple(
      fc.array(line, { maxLength: 8 }),
      fc.constantFrom('\n', '\r\n'),
      fc.integer({ min: 1, max: 20 }),
    );
    await fc.assert(
      fc.asyncProperty(cases, async ([lines, end, size]) => {
        const expected = lines.map((text) => Buffer.from(text).toString());
        expect(await linesOf(lines.map((text) => text + end).join(''), size)).toEqual(expected);
      }),
    );
  });

  it('counts a last line without an end', async () => {
    expect(await linesOf('one\n\ntwo', 2)).toEqual(['one', '', 'two']);
  });

  it('refuses a line that is too long, with its number', async () => {
    const text = `short\n${'x'.repeat(3 * 1024 * 1024)}`;
    const reading = () => linesOf(text, 64 * 1024, 2 * 1024 * 1024);
    await expect(reading()).rejects.toThrow(UsageError);
    await expect(reading()).rejects.toThrow(/pipe, line 2 is longer than 2 MB/);
  });
});
