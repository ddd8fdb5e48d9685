import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readMarks } from '../../../core/run/marks.ts';
import { hostileRow } from '../run-report/hostile-row.ts';
import { finding, rejection, trajectory, writeRun } from '../run-report/run-fixture.ts';
import { viewerOf } from './viewer-page.ts';

const CHROMIUM = '/usr/bin/chromium';

let browser: Browser;
beforeAll(async () => {
  if (existsSync(CHROMIUM))
    browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
});
afterAll(() => browser?.close());

/** The viewer's page and what it complained of. */
async function pageOf(...runs: string[]): Promise<{ page: Page; complaints: string[] }> {
  const { url } = await viewerOf(...runs);
  const context = await browser.newContext({ viewport: { width: 1400, height: 900 } });
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (message.type() !== 'log') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('dialog', (dialog) => {
    complaints.push(`dialog ${dialog.message()}`);
    void dialog.dismiss();
  });
  await page.goto(url);
  await page.locator('.line').first().waitFor();
  return { page, complaints };
}

// Chromium is Debian's package; without it the server's answers are still tested.
describe.skipIf(!existsSync(CHROMIUM))('the viewer in Chromium', () => {
  it('works by keyboard: the list, a mark, a comment, the search, the keys', async () => {
    const broken = rejection('c1', 'check', 'arg_type was found', {
      checks: [finding('arg_type')],
      workflow: {
        description: 'Moor a ferry',
        steps: ['Moor it'],
        graph: '(find_berth)',
        example_calls: [],
        constraints: [],
      },
    });
    const folder = await writeRun({
      accepted: [trajectory('a1'), trajectory('a2')],
      rejected: [broken],
    });
    const { page, complaints } = await pageOf(folder);
    expect(page.url()).not.toContain('token');
    for (const key of ['j', 'j', 'j', 'k', 'j']) await page.keyboard.press(key);
    await page.locator('.row-head', { hasText: 'Moor a ferry' }).waitFor();
    expect(await page.locator('.line[aria-selected=true] .title').textContent()).toBe(
      'Moor a ferry',
    );
    await page.keyboard.press('n');
    expect(await page.locator('.message:focus .finding code').first().textContent()).toBe(
      'arg_type',
    );
    expect(await page.locator('.argument.found').textContent()).toBe('11.5');
    await page.keyboard.press('r');
    await page.locator('.line .badge.mark', { hasText: 'you: reject' }).waitFor();
    await page.keyboard.press('c');
    await page.keyboard.type('jk: the metres are <b>feet</b>');
    await page.keyboard.press('Control+Enter');
    await page.locator('.row-head .comment').waitFor();
    expect([...(await readMarks(join(folder, 'marks.jsonl'))).values()]).toMatchObject([
      { id: 'c1', verdict: 'reject', comment: 'jk: the metres are <b>feet</b>' },
    ]);
    await page.keyboard.press('/');
    await page.keyboard.type('book a berth');
    await page.keyboard.press('Enter');
    await page.getByText('2 hits for “book a berth”').waitFor();
    await page.keyboard.press('j');
    await page.locator('.row-head', { hasText: 'Book a berth (a1)' }).waitFor();
    await page.keyboard.press('y');
    await page.getByText('Copied as JSON.').waitFor();
    // The page's own functions are not known to the checker here.
    const copied = await page.evaluate('navigator.clipboard.readText()');
    expect(JSON.parse(String(copied))).toEqual(trajectory('a1'));
    await page.keyboard.press('?');
    await page.getByRole('heading', { name: 'Keys' }).waitFor();
    expect(complaints).toEqual([]);
  });

  it('shows two runs’ trajectories of one passage side by side, and where an argument was said', async () => {
    const [said, unlike] = [trajectory('a1'), trajectory('b0')];
    const other = trajectory('b1', { source: said.source, tools: [] });
    unlike.source.sha256 = '1'.repeat(64);
    const { page, complaints } = await pageOf(
      await writeRun({ accepted: [said] }),
      await writeRun({ accepted: [unlike, other] }),
    );
    await page.keyboard.press('j');
    await page.locator('.conversation').waitFor();
    await page.keyboard.press('s');
    await expect.poll(() => page.locator('.conversation').count()).toBe(2);
    expect(await page.locator('.row-head code').allTextContents()).toEqual(['a1', 'b1']);
    await page.keyboard.press('s');
    await expect.poll(() => page.locator('.conversation').count()).toBe(1);
    await page.getByText('Your marks').click();
    await page
      .getByLabel(/^accept/)
      .first()
      .focus();
    expect(complaints).toEqual([]);
  });

  it('shows what a hostile row holds as text', async () => {
    const { page, complaints } = await pageOf(await writeRun({ accepted: [hostileRow('h1')] }));
    await page.keyboard.press('j');
    await page.locator('.message').nth(5).waitFor();
    await page.evaluate(
      "document.querySelectorAll('details').forEach((one) => { one.open = true })",
    );
    expect(await page.locator('.message').count()).toBe(6);
    expect(await page.locator('img, iframe, style, #reading script, #side script').count()).toBe(0);
    expect(await page.locator('.message').first().textContent()).toContain(
      '<script>alert("row")</script>',
    );
    const result = page.locator('.message').nth(3);
    expect(await result.textContent()).toContain('4,800,008 characters');
    await result.getByRole('button', { name: /Show more/ }).click();
    await expect
      .poll(async () => ((await result.textContent()) ?? '').length)
      .toBeGreaterThan(500_000);
    expect(await page.locator('#side').textContent()).toContain('[U+202E]');
    expect(complaints).toEqual([]);
  });
});
