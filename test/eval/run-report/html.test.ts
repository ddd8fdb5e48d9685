import { appendFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderHtml } from '../../../eval/run-report/html.ts';
import { renderMarkdown } from '../../../eval/run-report/markdown.ts';
import { escapeText } from '../../../eval/run-report/markup.ts';
import { measureRun } from '../../../eval/run-report/measure.ts';
import { hostileRow } from './hostile-row.ts';
import { picturesOf } from './pictures.ts';
import { finding, rejectedByCheck, rejectedByJudge, trajectory, writeRun } from './run-fixture.ts';

type Rows = Parameters<typeof writeRun>[0];
const pageOf = async (rows: Rows) => renderHtml(await measureRun(await writeRun(rows)));

/** What a reader sees: tags taken off, white space as one blank. */
function textOf(page: string): string {
  const body = page.slice(page.indexOf('<body>'));
  return body
    .replace(/<[^>]*>/g, ' ')
    .replace(/&#39;/g, "'")
    .replace(/&quot;/g, '"')
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&amp;/g, '&')
    .replace(/\s+/g, ' ');
}

describe('report.html', () => {
  it('shows figures, reasons with their places, and conversations', async () => {
    const text = textOf(
      await pageOf({
        accepted: [trajectory('a1'), trajectory('a2', { turns: 3 })],
        rejected: [
          rejectedByCheck(
            'c1',
            finding('unknown_tool', { text: 'book_boat: no tool has this name' }),
          ),
          rejectedByJudge('j1', { context: 0 }, 'Message 4 changes the berth.'),
        ],
      }),
    );
    expect(text).toContain('Accepted 2 of 14 passages (14.3%)');
    expect(text).toContain('passed the checks 3 75.0%');
    expect(text).toContain('−1 turned down by the judge');
    expect(text).toContain(
      'unknown_tool A call names a tool that is not defined 1 c1 message 2 tool_calls[0].function.arguments.length_m passage passage-c1 book_boat: no tool has this name find_berth(',
    );
    expect(text).toContain('generate cluster 7 0 9,000 500 1,000 100% 0.0200 12.0');
    expect(text).toContain('Messages 9 46.1 (median 41)');
    expect(text).toContain('Book a berth (a1)');
    expect(text).toContain('calls find_berth {"length_m":11.5,"night":"Friday"}');
    expect(text).toContain('the judge points here');
    expect(text).not.toContain('Offline teacher');
  });

  it('describes every chart in words and needs neither script nor network', async () => {
    const page = await pageOf({ accepted: [trajectory('a1')] });
    const { charts, ornaments } = picturesOf(page);
    expect(charts).toHaveLength(5);
    expect(ornaments.length).toBeGreaterThan(10);
    for (const chart of charts)
      expect(chart).toMatch(/role="img" aria-label="[^"]*of 1 accepted trajectory: mean [\d.]+/);
    expect(page).toContain('content="default-src &#39;none&#39;;');
    expect(page).not.toMatch(/<script|<link|<img|<iframe|@import|url\(|\son\w+=/i);
    expect(
      [...page.matchAll(/(?:href|src)="([^"]*)"/g)]
        .map(([, target]) => target)
        .filter((target) => !target?.startsWith('#')),
    ).toEqual([]);
  });

  it('says loudly that the teacher was offline, and marks the unrefined figures without refinement', async () => {
    const manifest = { offline: true, ablation: { refine: false, check: true, judge: true } };
    const text = textOf(await pageOf({ accepted: [trajectory('a1')], manifest }));
    expect(text).toContain('Offline teacher. Made by the offline teacher: rules, no model.');
    expect(text).toContain('no measure of quality');
    expect(text).toContain('paper 30.05 mean 5');
    expect(text).not.toContain('refined 1');
  });

  it('has something to say about a run without rows, and about one whose manifest lags behind', async () => {
    const empty = textOf(await pageOf({}));
    expect(empty).toContain('Nothing was turned down after the filter.');
    expect(empty).toContain('No trajectory was accepted.');
    const folder = await writeRun({ accepted: [trajectory('a1')], manifest: { state: 'running' } });
    await appendFile(join(folder, 'trajectories.jsonl'), `${JSON.stringify(trajectory('a2'))}\n`);
    expect(textOf(renderHtml(await measureRun(folder)))).toContain(
      'The files hold 2 accepted rows, the manifest counts 1: the run was under way',
    );
  });

  it('marks the words of the passage that constraints quote', async () => {
    const page = await pageOf({ accepted: [trajectory('a1')] });
    expect(page).toContain('Boats <mark>longer than 14 metres</mark> lie');
  });

  it('shows what a hostile row holds as text', async () => {
    const rows = {
      accepted: [hostileRow('h1')],
      rejected: [
        rejectedByCheck('h2', finding('<b>code</b>', { text: '"><script>alert(1)</script>' })),
      ],
    };
    const page = await pageOf({
      ...rows,
      manifest: {
        name: '</title><script>alert(2)</script>',
        message: '<img src=x onerror=alert(3)>',
      },
    });
    expect(page).not.toMatch(/<script|<img|<b>code/i);
    expect(page).toContain('&lt;script&gt;alert');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: that none is left is what is tested.
    expect(page).not.toMatch(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u202e]|\p{Surrogate}/u);
    expect(page).toContain('[U+202E]');
    expect(page.length).toBeLessThan(400_000);
  });
});

describe('report.md', () => {
  it('has the same figures in short', async () => {
    const rows = {
      accepted: [trajectory('a1')],
      rejected: [rejectedByJudge('j1', { context: 0 }, 'No.')],
      manifest: { offline: true },
    };
    const text = renderMarkdown(await measureRun(await writeRun(rows)));
    expect(text).toMatch(/^# harbour-run: run report\n\n> \*\*Offline teacher\.\*\*/);
    expect(text).toContain('- Accepted: **1** (of 12 passages (8.3%))');
    expect(text).toContain('| passed the judge | 1 | 50.0% | turned down by the judge 1 |');
    expect(text).toContain('| Messages | 5 | 5 | 5 | 5 | 5 | 5 | 46.1 |');
    expect(text).toContain('- j1 (rejected by judge): Book a berth (j1)');
  });

  it('gives a hostile row no markup', async () => {
    const text = renderMarkdown(
      await measureRun(
        await writeRun({
          accepted: [hostileRow('h1')],
          manifest: { name: '![x](http://example.org/a.png) | <b>' },
        }),
      ),
    );
    expect(text).not.toMatch(/(?<!\\)!\[|(?<!\\)<(?!\/?$)/);
  });
});

describe('escaping', () => {
  it('leaves nothing that a browser would take for markup, and loses nothing', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const escaped = escapeText(text);
        expect(escaped).not.toMatch(/[<>"']|&(?!amp;|lt;|gt;|quot;|#39;)/);
        expect(escaped.length).toBeGreaterThanOrEqual(text.replace(/\r\n/g, '\n').length);
      }),
    );
  });
});
