import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { shardFolder } from '../../../core/run/shard.ts';
import { readBatchRecords } from '../../../synth/batch/batch-folder.ts';
import { EndpointBackend } from '../../../synth/batch/endpoint-backend.ts';
import type { BatchServer } from '../../helpers/batch-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { batchServer, journalKeys, type RunOptions, runBatches } from './runs.ts';

const prices = { input: 2, cached_input: 0.5, output: 8 };
const POLL = { firstS: 0.005, highestS: 0.01 };

/** Stops a run when its first batch is under way. */
async function stopHalfway(
  folder: string,
  server: BatchServer,
  options: RunOptions = {},
): Promise<void> {
  server.hold();
  const stopping = new AbortController();
  const running = runBatches(folder, server, { ...options, stopping: stopping.signal });
  const looks = () => server.routes.get('GET /batches/ID') ?? 0;
  await expect.poll(looks, { timeout: 30_000 }).toBeGreaterThan(0);
  stopping.abort();
  expect((await running).leftRunning).toHaveLength(1);
}

/** The provider's batches, with a copy of the first one's files as they were when it was over. */
class KeepingBackend extends EndpointBackend {
  readonly #aside: string;

  constructor(aside: string) {
    super('run', POLL);
    this.#aside = aside;
  }

  override async wait(...args: Parameters<EndpointBackend['wait']>) {
    const end = await super.wait(...args);
    const folder = dirname(args[0].files.input);
    if (args[0].record.number === 1)
      for (const name of await readdir(folder))
        if (name.startsWith('0001.')) await cp(join(folder, name), join(this.#aside, name));
    return end;
  }

  /** Puts the batch back as a kill while its answers are written down leaves it. */
  async restore(folder: string): Promise<void> {
    await cp(this.#aside, join(folder, 'batch'), { recursive: true });
    const path = join(folder, 'batch', '0001.json');
    const record = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...record, state: 'over' }));
  }
}

describe('a batch whose answers are to be fetched later', { timeout: 120_000 }, () => {
  it('is fetched although it holds all but a little of the budget', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    const options = { endpoint: { prices }, config: { budget_usd: 0.05 } };
    await stopHalfway(folder, server, options);
    const lines = server.batches[0]?.lines.map(({ custom_id }) => custom_id) ?? [];
    expect(lines.length).toBeGreaterThan(1);
    // The others did not fit.
    expect(lines.length).toBeLessThan(12);
    server.letGo();
    const { manifest, leftRunning } = await runBatches(folder, server, options);
    expect(leftRunning).toEqual([]);
    expect(await journalKeys(folder)).toEqual(expect.arrayContaining(lines));
    expect(manifest.total.requests).toBeGreaterThan(12);
    expect(manifest.total.cost_usd + manifest.unaccounted_usd).toBeLessThanOrEqual(0.05);
    expect(Math.max(...server.done.values())).toBe(1);
  });

  it.each([
    ['the next command', {}],
    ['--cancel', { cancel: true }],
  ])('was killed while these were written: %s bills none of them again', async (_, batch) => {
    const [folder, aside] = [await temporaryFolder(), await temporaryFolder()];
    const server = await batchServer();
    const backend = new KeepingBackend(aside);
    const options = { endpoint: { prices } };
    const { manifest } = await runBatches(folder, server, { ...options, batch: { backend } });
    const keys = await journalKeys(folder);
    await backend.restore(folder);
    // Whatever stops it: the answers lie here.
    const stopping = new AbortController();
    stopping.abort();
    const again = await runBatches(folder, server, {
      ...options,
      batch,
      stopping: stopping.signal,
    });
    expect(await journalKeys(folder)).toEqual(keys);
    expect(again.manifest.total).toEqual(manifest.total);
    expect(await readBatchRecords(folder)).toEqual([]);
    expect(again.manifest.funnel).toEqual(manifest.funnel);
  });

  it('is named with a way to end it where other shards have reached the target', async () => {
    const run = await temporaryFolder();
    const shard = { index: 1, count: 2 };
    const folder = shardFolder(run, shard);
    const together = join(run, 'shards', 'accepted');
    const options = { config: { target: 5 }, shard: { shard, together } };
    const server = await batchServer();
    await stopHalfway(folder, server, options);
    await mkdir(together, { recursive: true });
    await writeFile(join(together, '2.accepted'), '000000000005\n');
    const notes: string[] = [];
    const { manifest, leftRunning } = await runBatches(folder, server, { ...options, notes });
    expect(manifest).toMatchObject({ state: 'finished', message: 'the target of 5 is reached' });
    expect(leftRunning).toHaveLength(1);
    expect(notes).toEqual([
      'the target is reached, and 1 batches of this run go on and are billed; the same command with --cancel ends them and keeps what they have answered',
    ]);
    const end = await runBatches(folder, server, { ...options, batch: { cancel: true } });
    expect(end.leftRunning).toEqual([]);
    expect((await journalKeys(folder)).length).toBeGreaterThan(0);
  });
});

describe('a batch that may have been begun', { timeout: 120_000 }, () => {
  it.each([404, 405, 501])(
    'is begun again where nobody can list batches (HTTP %i)',
    async (status) => {
      const config = { limit: 4 };
      const folder = await temporaryFolder();
      const stopping = new AbortController();
      const server = await batchServer({
        fault: (route) => {
          if (route === 'GET /batches') return { kind: 'status', status, message: 'no list' };
          if (route !== 'POST /batches' || stopping.signal.aborted) return undefined;
          stopping.abort();
          return { kind: 'reset', when: 'before' };
        },
      });
      await runBatches(folder, server, { config, stopping: stopping.signal });
      expect(await readBatchRecords(folder)).toMatchObject([{ state: 'sending' }]);
      const notes: string[] = [];
      if (status === 405) {
        const batch = { cancel: true };
        const { manifest } = await runBatches(folder, server, { config, batch, notes });
        expect(manifest.message).toBe('no batch was under way');
      }
      const { manifest } = await runBatches(folder, server, { config, notes });
      expect(manifest).toMatchObject({ state: 'finished', funnel: { passages: 4 } });
      expect(notes[0]).toBe(`batch 1 was about to be begun; it is not found at ${server.url}`);
      expect(server.batches[0]?.lines).toHaveLength(4);
      expect(Math.max(...server.done.values())).toBe(1);
    },
  );
});
