import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readBatchRecords } from '../../../synth/batch/batch-folder.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { batchServer, journalKeys, rowsOf, runBatches } from './runs.ts';

const PATIENT = { timeout: 30_000 };

const made = (routes: Map<string, number>): number => routes.get('POST /batches') ?? 0;

describe('batches', { timeout: 120_000 }, () => {
  it("are split at the provider's limits on lines and on bytes", async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    const endpoint = { batch_max_requests: 5, batch_max_bytes: 40_000 };
    await runBatches(folder, server, { endpoint });
    const lines = server.batches.map((batch) => batch.lines.length);
    expect(lines.slice(0, 3).reduce((sum, count) => sum + count, 0)).toBe(12);
    expect(Math.max(...lines)).toBeLessThanOrEqual(5);
    expect(Math.max(...server.uploads)).toBeLessThanOrEqual(40_000);
    expect(Math.min(...lines)).toBeGreaterThan(0);
  });

  it('that the provider has no room for yet are offered again', async () => {
    const folder = await temporaryFolder();
    const refuse = (_: number, batch: number) =>
      batch <= 2
        ? { code: 'token_limit_exceeded', message: 'Enqueued token limit reached.' }
        : undefined;
    const notes: string[] = [];
    const server = await batchServer({ refuse });
    const { manifest } = await runBatches(folder, server, { notes });
    expect(manifest.state).toBe('finished');
    expect(notes.filter((note) => note.includes('Enqueued token limit reached'))).toHaveLength(2);
    expect(Math.max(...server.done.values())).toBe(1);
  });

  it('that are refused as a whole end the run with their reason; mended, the same command goes on', async () => {
    const folder = await temporaryFolder();
    let bad = true;
    const refuse = () =>
      bad ? { code: 'invalid_json_line', message: 'the model has no batches' } : undefined;
    const server = await batchServer({ refuse });
    await expect(runBatches(folder, server)).rejects.toThrow(
      /batch batch_1 of endpoint taught failed: invalid_json_line: the model has no batches/,
    );
    expect(await readBatchRecords(folder)).toEqual([]);
    bad = false;
    const { manifest } = await runBatches(folder, server);
    expect(manifest.state).toBe('finished');
  });

  it('are not asked of a server that has none', async () => {
    const server = await batchServer({
      fault: () => ({ kind: 'status', status: 404, message: 'not found' }),
    });
    await expect(runBatches(await temporaryFolder(), server)).rejects.toThrow(
      /the upload of a batch: HTTP 404.*has this server a Batch API \(POST \/files, POST \/batches\)\?.*--batch-with vllm/,
    );
  });

  it('are made once, also where the connection breaks before the id has come', async () => {
    const folder = await temporaryFolder();
    let resets = 0;
    const server = await batchServer({
      fault: (route) => {
        if (route !== 'POST /batches' || resets >= 2) return undefined;
        resets += 1;
        return { kind: 'reset', when: resets === 1 ? 'after' : 'before' };
      },
    });
    const { manifest } = await runBatches(folder, server);
    expect(manifest.state).toBe('finished');
    expect(resets).toBe(2);
    expect(made(server.routes)).toBe(server.batches.length + 1);
    expect(Math.max(...server.done.values())).toBe(1);
  });

  it('outlast a provider that answers 503 now and then', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer({
      fault: (route, number) =>
        number % 9 === 0 && route !== 'POST /batches'
          ? { kind: 'status', status: 503, message: 'busy' }
          : undefined,
    });
    const { manifest } = await runBatches(folder, server, { config: { limit: 4 } });
    expect(manifest.state).toBe('finished');
    expect(Math.max(...server.done.values())).toBe(1);
  });
});

describe('Ctrl-C', { timeout: 120_000 }, () => {
  it('leaves the batches running and says so; the same command takes their answers', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    server.hold();
    const stopping = new AbortController();
    const running = runBatches(folder, server, { stopping: stopping.signal });
    await expect.poll(() => server.routes.get('GET /batches/ID') ?? 0, PATIENT).toBeGreaterThan(2);
    stopping.abort();
    const { manifest, leftRunning } = await running;
    expect(manifest).toMatchObject({ state: 'stopped', message: 'interrupted' });
    expect(leftRunning).toEqual([`batch batch_1 (12 requests) goes on at taught, ${server.url}`]);
    server.letGo();
    const again = await runBatches(folder, server);
    expect(again.manifest.state).toBe('finished');
    expect(server.batches.filter(({ lines }) => lines.length === 12)).toHaveLength(1);
    expect(Math.max(...server.done.values())).toBe(1);
  });

  it('keeps a live run, and one at another address, from paying for the same answers', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    server.hold();
    const stopping = new AbortController();
    const running = runBatches(folder, server, { stopping: stopping.signal });
    await expect.poll(() => made(server.routes), PATIENT).toBe(1);
    stopping.abort();
    await running;
    await expect(runBatches(folder, server, { batch: null })).rejects.toThrow(
      /1 batches of this run are under way; go on with --mode batch, or end them/,
    );
    const other = await batchServer();
    await expect(runBatches(folder, other)).rejects.toThrow(
      /batch 1 \(batch_1\) of this run is under way at endpoint taught \(scripted, http/,
    );
    expect(made(other.routes)).toBe(0);
  });

  it('can be followed by --cancel, which keeps what was answered and sends nothing', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    server.hold();
    const stopping = new AbortController();
    const running = runBatches(folder, server, { stopping: stopping.signal });
    await expect.poll(() => made(server.routes), PATIENT).toBe(1);
    stopping.abort();
    await running;
    const { manifest, leftRunning } = await runBatches(folder, server, { batch: { cancel: true } });
    expect(manifest).toMatchObject({
      state: 'stopped',
      message: '1 batches were cancelled; what they had answered is kept',
    });
    expect(leftRunning).toEqual([]);
    expect((await journalKeys(folder)).length).toBe(6);
    server.letGo();
    const end = await runBatches(folder, server);
    expect(end.manifest.state).toBe('finished');
    expect(Math.max(...server.done.values())).toBe(1);
    expect(server.batches[1]?.lines.length).toBeLessThanOrEqual(12);
  });
});

describe('money', { timeout: 120_000 }, () => {
  const prices = { input: 2, cached_input: 0.5, output: 8 };
  const usage = (cached: object) => ({ prompt_tokens: 1000, completion_tokens: 100, ...cached });

  it.each([
    [{ prompt_tokens_details: { cached_tokens: 800 } }, undefined, 0.5],
    [{ prompt_cache_hit_tokens: 800 }, 0.25, 0.25],
  ])('costs the batch price, cached tokens theirs (%j)', async (cached, factor, expected) => {
    const folder = await temporaryFolder();
    const text = '<multi_step>False</multi_step>';
    const server = await batchServer({
      line: () => ({ kind: 'answer', text, usage: usage(cached) }),
    });
    const endpoint = {
      prices,
      ...(factor === undefined ? {} : { batch_price_factor: factor }),
    };
    const { manifest } = await runBatches(folder, server, { endpoint });
    const each = (200 * 2 + 800 * 0.5 + 100 * 8) / 1e6;
    expect(manifest.total.cached_tokens).toBe(12 * 800);
    expect(manifest.total.cost_usd).toBeCloseTo(12 * each * expected, 9);
    expect(manifest.unaccounted_usd).toBeCloseTo(0, 9);
  });

  it('never passes the budget; with a higher one the same command goes on', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    const budget = async (budget_usd: number) =>
      (await runBatches(folder, server, { endpoint: { prices }, config: { budget_usd } })).manifest;
    const stopped = await budget(0.1);
    expect(stopped.state).toBe('stopped');
    expect(stopped.message).toMatch(/^the budget is spent; 0\.\d+ of the 0\.1 USD/);
    expect(stopped.total.cost_usd).toBeGreaterThan(0);
    expect(stopped.total.cost_usd + stopped.unaccounted_usd).toBeLessThanOrEqual(0.1);
    const finished = await budget(20);
    expect(finished).toMatchObject({ state: 'finished', funnel: { passages: 12 } });
    expect(finished.unaccounted_usd).toBeCloseTo(0, 9);
    expect(Math.max(...server.done.values())).toBe(1);
  });

  it('that a batch under way may cost counts as spent until its answers are there', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    server.hold();
    const stopping = new AbortController();
    const options = { endpoint: { prices }, config: { budget_usd: 20 } };
    const running = runBatches(folder, server, { ...options, stopping: stopping.signal });
    await expect.poll(() => made(server.routes), PATIENT).toBe(1);
    stopping.abort();
    expect((await running).manifest.unaccounted_usd).toBe(0);
    const again = new AbortController();
    again.abort();
    const still = await runBatches(folder, server, { ...options, stopping: again.signal });
    expect(still.manifest.unaccounted_usd).toBeGreaterThan(0.01);
    server.letGo();
    const { manifest } = await runBatches(folder, server, options);
    expect(manifest.state).toBe('finished');
    expect(manifest.unaccounted_usd).toBeCloseTo(0, 9);
  });
});

describe('--target', { timeout: 120_000 }, () => {
  it('accepts so many and sends little beyond', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    const { manifest } = await runBatches(folder, server, {
      config: { target: 5, limit: 80 },
    });
    expect(manifest).toMatchObject({ state: 'finished', funnel: { accepted: 5 } });
    expect(server.batches[0]?.lines).toHaveLength(5);
    expect(manifest.funnel.passages).toBeLessThan(30);
    const text = await readFile(join(folder, 'trajectories.jsonl'), 'utf8');
    expect(text.trim().split('\n')).toHaveLength(5);
    expect((await rowsOf(folder)).size).toBeGreaterThanOrEqual(5);
  });
});
