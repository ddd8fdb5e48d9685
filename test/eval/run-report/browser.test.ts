import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { writeRunReport } from '../../../eval/run-report/write.ts';
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
});
