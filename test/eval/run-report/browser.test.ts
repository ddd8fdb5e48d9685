import { existsSync } from 'node:fs';
import { readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { chromium } from 'playwright-core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { findFolders } from '../../../eval/run-report/experiment/find-folders.ts';
import { measureExperiment } from '../../../eval/run-report/experiment/measure-experiment.ts';
import { writeExperiment } from '../../../eval/run-report/experiment/write-experiment.ts';
import { writeRunReport } from '../../../eval/run-report/write.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { manyRows, writeComparedRun } from '../compare/compare-fixture.ts';
import { writeBenchmark, writeDataset, writeTraining } from './experiment-fixture.ts';
import { hostileRow } from './hostile-row.ts';
import { finding, rejectedByCheck, trajectory, writeRun } from './run-fixture.ts';

const CHROMIUM = '/usr/bin/chromium';

/** The page as a browser has it after loading. */
async function domOf(path: string, profile: string): Promise<string> {
  const flags = [
    '--headless',
    '--no-sandbox',
    '--disable-gpu',
    `--user-data-dir=${profile}`,
    '--virtual-time-budget=3000',
    '--dump-dom',
  ];
  return (await execa(CHROMIUM, [...flags, `file://${path}`])).stdout;
}

/** A page in a frame as narrow as a phone, with everything unfolded, that tells its width and what it holds. */
function framed(page: string): string {
  const probe = `<script>parent.postMessage([document.documentElement.scrollWidth <= innerWidth, document.querySelectorAll('img, iframe, main style').length,
document.querySelectorAll('.message').length, document.querySelectorAll('script').length, document.title].join(' '), '*')</script>`;
  const open = page
    .replace(/<meta http-equiv[^>]*>/, '')
    .replaceAll('<details ', '<details open ')
    .replace('</body>', `${probe}</body>`);
  const source = open.replaceAll('&', '&amp;').replaceAll('"', '&quot;');
  return `<p></p><script>onmessage = ({ data }) => { document.querySelector('p').textContent = 'told: ' + data; document.querySelector('iframe').remove(); }</script>
<iframe srcdoc="${source}" style="width: 380px; border: 0"></iframe>`;
}

/** How tall the smallest letters of any chart are on the screen, in pixels. */
const SMALLEST_LETTERS = `Math.min(...[...document.querySelectorAll('svg[role=img] text')].map((text) =>
  parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a))`;

/** The colours of a column, both means, a loss curve and a bar of the funnel, as the browser resolves them. */
const INKS = `[['.histogram rect', 'fill'], ['.histogram .mean line', 'stroke'], ['.histogram .paper line', 'stroke'],
  ['.curve path', 'stroke'], ['.funnel .track rect', 'fill']].map(([selector, part]) =>
  getComputedStyle(document.querySelector(selector))[part]).join(' ')`;

// Chromium is Debian's package; without it the other tests still read the page as text.
describe.skipIf(!existsSync(CHROMIUM))('report.html in Chromium', () => {
  it('fits a phone, and a hostile row adds no element to it', async () => {
    const folder = await writeRun({
      accepted: [hostileRow('h1'), trajectory('a1')],
      rejected: [rejectedByCheck('r1', finding('unknown_tool', { text: 'unbroken'.repeat(80) }))],
      manifest: { name: 'x'.repeat(90) },
    });
    const [page = ''] = await writeRunReport(folder);
    const path = join(folder, 'framed.html');
    await writeFile(path, framed(await readFile(page, 'utf8')));
    const dom = await domOf(path, join(folder, 'profile'));
    expect(dom).toContain(`told: true 0 ${6 + 5 + 5} 1 ${'x'.repeat(90)}: run report`);
  });

  it('over a whole experiment complains of nothing, fits a phone with all unfolded, and unfolds by keyboard', async () => {
    const parent = await temporaryFolder();
    for (const [name, turns] of [
      ['full', 1],
      ['other', 2],
    ] as const) {
      const rows = manyRows(12, () => ({ turns }));
      const run = await writeComparedRun({ accepted: rows, manifest: { name } });
      await rename(run, join(parent, name));
    }
    await writeDataset(join(parent, 'dataset'));
    await writeTraining(join(parent, 'training'));
    await writeBenchmark(join(parent, 'benchmark'), `a checkpoint ${'x'.repeat(80)}`, 0.4);
    const report = await measureExperiment(await findFolders([parent]), {
      name: 'experiment',
      onStep: () => {},
    });
    const [path = ''] = await writeExperiment(parent, report);
    const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
    onTestFinished(() => browser.close());
    const complaints: string[] = [];
    const inks: string[] = [];
    for (const colorScheme of ['light', 'dark'] as const) {
      const context = await browser.newContext({
        colorScheme,
        viewport: { width: 390, height: 800 },
      });
      const page = await context.newPage();
      page.on('console', (message) => complaints.push(message.text()));
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith('file:')) complaints.push(`asked for ${request.url()}`);
      });
      await page.goto(`file://${path}`);
      expect(await page.getByRole('navigation').getByRole('link').allTextContents()).toEqual(
        await page.getByRole('heading', { level: 2 }).allTextContents(),
      );
      expect(await page.getByRole('img', { name: /^Loss of harbour-synthesizer/ }).count()).toBe(1);
      expect(await page.evaluate(SMALLEST_LETTERS)).toBeGreaterThan(9);
      inks.push(await page.evaluate(INKS));
      await page.emulateMedia({ media: 'print' });
      inks.push(await page.evaluate(INKS));
      await page.emulateMedia({ media: 'screen' });
      const fold = page.getByText('full by stage');
      const inside = page.getByRole('region', { name: 'Bill by stage' }).first();
      await fold.focus();
      expect(await inside.isVisible()).toBe(false);
      await page.keyboard.press('Enter');
      expect(await inside.isVisible()).toBe(true);
      await page.evaluate(
        "document.querySelectorAll('details').forEach((one) => { one.open = true })",
      );
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
    }
    expect(complaints).toEqual([]);
    const [light, lightPrinted, dark, darkPrinted] = inks;
    expect(dark).not.toBe(light);
    expect(darkPrinted).toBe(lightPrinted);
    for (const ink of inks) expect(ink).toMatch(/^(rgb\([^)]+\) ?){5}$/);
  });
});
