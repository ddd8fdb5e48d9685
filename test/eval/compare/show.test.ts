import { describe, expect, it } from 'vitest';
import { comparisonBlocks } from '../../../eval/compare/blocks.ts';
import { compareRuns } from '../../../eval/compare/compare.ts';
import { blockLines } from '../../../eval/compare/lines.ts';
import { blockMarkdown } from '../../../eval/compare/markdown.ts';
import { comparisonSection } from '../../../eval/compare/section.ts';
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
    const page = comparisonSection(comparison).body.source;
    expect(page).not.toContain('<script>');
    expect(page).toContain('&lt;script&gt;');
    const markdown = blockMarkdown(comparisonBlocks(comparison, { all: true }));
    expect(markdown).toContain('\\<script\\>x\\</script\\> \\| \\*y\\*');
  });

  it('has a histogram of each length of each run on the page', async () => {
    const page = comparisonSection(await comparisonOf()).body.source;
    expect(page.match(/<svg class="histogram"/g)).toHaveLength(10);
  });
});
