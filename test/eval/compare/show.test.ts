import { describe, expect, it } from 'vitest';
import { blockMarkup, lengthCharts } from '../../../eval/compare/block-markup.ts';
import { comparisonBlocks } from '../../../eval/compare/blocks.ts';
import { compareRuns } from '../../../eval/compare/compare.ts';
import { blockLines } from '../../../eval/compare/lines.ts';
import { blockMarkdown } from '../../../eval/compare/markdown.ts';
import { manyRows, writeComparedRun } from './compare-fixture.ts';

async function comparisonOf(second: { name?: string; offline?: boolean } = {}) {
  const one = await writeComparedRun({ accepted: manyRows(20) });
  const other = await writeComparedRun({
    accepted: manyRows(20, (index) => ({ turns: index < 10 ? 2 : 1 })),
    manifest: second,
  });
  const settings = { seed: 0, replicates: 300, training: null, gpus: [4], onRun: () => {} };
  return (await compareRuns([one, other], settings)).comparison;
}

describe('a comparison as text', () => {
  it('names for each difference both figures, the interval, what could be shown and the verdict', async () => {
    const lines = blockLines(comparisonBlocks(await comparisonOf(), { all: false }));
    const head = lines.find((line) => line.includes('could show  verdict'));
    expect(head).toMatch(/A +B +B − A +95% interval +could show +verdict/);
    const turns = lines.find((line) => line.startsWith('user turns, mean of accepted'));
    expect(turns).toMatch(/1\.00 +1\.50 +\+0\.50 +\+0\.2\d to \+0\.7\d +±0\.\d\d +B higher/);
    expect(lines.join('\n')).toMatch(/tools offered, mean of accepted .* no difference/);
    expect(lines.join('\n')).toMatch(/measures that are not equal are beyond noise/);
  });

  it('shows the lengths beside the paper’s', async () => {
    const lines = blockLines(comparisonBlocks(await comparisonOf(), { all: false }));
    const messages = lines.find((line) => /^messages +harbour-run/.test(line));
    expect(messages).toMatch(/46\.1 \(41\)$/);
  });

  it('sets what the offline teacher made apart, under its banner', async () => {
    const comparison = await comparisonOf({ offline: true, name: 'rules' });
    const text = blockLines(comparisonBlocks(comparison, { all: false })).join('\n');
    const [before, after] = text.split('*** Made by the offline teacher');
    expect(before).toContain('The runs');
    expect(before).not.toContain('user turns, mean of accepted ');
    expect(after).toContain('no measure of quality');
    expect(after).toContain('A: harbour-run, B: rules');
  });

  it('keeps names from being markup, on the page and in Markdown', async () => {
    const comparison = await comparisonOf({ name: '<script>x</script> | *y*' });
    const blocks = comparisonBlocks(comparison, { all: true, fold: true });
    const page = blocks.map((block) => blockMarkup(block).source).join('');
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;');
    const markdown = blockMarkdown(comparisonBlocks(comparison, { all: true }));
    expect(markdown).toContain('\\<script\\>x\\</script\\> \\| \\*y\\*');
  });

  it('has a histogram of each length of each run on the page', async () => {
    const page = lengthCharts(await comparisonOf()).source;
    expect(page.match(/<svg class="histogram"/g)).toHaveLength(10);
  });

  it('folds on the page what is within noise, and each pair where there are many', async () => {
    const folders = await Promise.all(
      ['a', 'b', 'c', 'd'].map((name, index) =>
        writeComparedRun({
          accepted: manyRows(20, () => ({ turns: 1 + index })),
          manifest: { name },
        }),
      ),
    );
    const settings = { seed: 0, replicates: 300, training: null, gpus: [], onRun: () => {} };
    const compare = async (names: string[]) =>
      comparisonBlocks((await compareRuns(names, settings)).comparison, { all: true, fold: true });
    const titles = (blocks: Awaited<ReturnType<typeof compare>>) =>
      blocks.flatMap((block) => (block.kind === 'fold' ? [block.title] : []));
    expect(titles(await compare(folders.slice(0, 2)))).toContainEqual(
      expect.stringMatching(/^\d+ more that are not told apart$/),
    );
    const many = titles(await compare(folders));
    expect(many).toContainEqual(expect.stringMatching(/^A: a, B: d: \d+ of \d+ measures beyond/));
    expect(many.filter((title) => title.startsWith('A: '))).toHaveLength(6);
  });

  it('says that passages are too few, and not that nothing differs', async () => {
    const one = await writeComparedRun({ accepted: manyRows(3) });
    const other = await writeComparedRun({ accepted: manyRows(3, () => ({ turns: 2 })) });
    const settings = { seed: 0, replicates: 300, training: null, gpus: [], onRun: () => {} };
    const { comparison } = await compareRuns([one, other], settings);
    const text = blockLines(comparisonBlocks(comparison, { all: false })).join('\n');
    expect(text).toMatch(/Too few passages for an interval: nothing is said of \d+ measures\./);
    expect(text).not.toContain('No measure differs');
  });
});
