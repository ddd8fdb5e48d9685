import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { batchServer, journalKeys, rowsOf, runBatches } from './runs.ts';

describe('a run in batches', { timeout: 120_000 }, () => {
  it('ends with the rows, ids, prompts and funnel of a live one, each request paid once', async () => {
    const [live, batch] = [await temporaryFolder(), await temporaryFolder()];
    const liveServer = await taughtServer(undefined, 0, 0.3);
    const config = { workflows_per_passage: 2 };
    const one = await runBatches(live, liveServer, { config, batch: null });
    const server = await batchServer();
    const two = await runBatches(batch, server, { config });
    expect(two.manifest.state).toBe('finished');
    expect(two.manifest.funnel).toEqual(one.manifest.funnel);
    expect(one.manifest.funnel.repair_tried).toBeGreaterThan(0);
    expect(await rowsOf(batch)).toEqual(await rowsOf(live));
    expect((await journalKeys(batch)).sort()).toEqual((await journalKeys(live)).sort());
    expect(two.manifest.total.requests).toBe(one.manifest.total.requests);
    expect(Math.max(...server.done.values())).toBe(1);
  });

  it('sends the latter stages in few batches, and keeps no lines of those that are over', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer();
    await runBatches(folder, server);
    const [first, second] = server.batches.map(({ lines }) => lines.length);
    expect(first).toBe(12);
    expect(second).toBeLessThanOrEqual(12);
    expect(server.batches.length).toBeLessThanOrEqual(9);
    const past = await readFile(join(folder, 'batch', 'batches.jsonl'), 'utf8');
    expect(past.trim().split('\n')).toHaveLength(server.batches.length);
    expect(existsSync(join(folder, 'batch', '0001.input.jsonl'))).toBe(false);
  });

  it('goes on with what a live run has answered, and a live run with what batches have', async () => {
    const folder = await temporaryFolder();
    const stopping = new AbortController();
    const answered: string[] = [];
    const liveServer = await taughtServer(
      (script) => async (request) => {
        answered.push(JSON.stringify(request.body.messages));
        if (answered.length === 15) stopping.abort();
        return script(request);
      },
      0,
      0.3,
    );
    await runBatches(folder, liveServer, { batch: null, stopping: stopping.signal });
    const server = await batchServer();
    const end = await runBatches(folder, server);
    expect(end.manifest).toMatchObject({ state: 'finished', funnel: { passages: 12 } });
    const sent = server.batches.flatMap(({ lines }) =>
      lines.map(({ body }) => JSON.stringify(body.messages)),
    );
    expect(sent.filter((messages) => answered.includes(messages))).toEqual([]);
    const more = await runBatches(folder, liveServer, { batch: null, config: { limit: 14 } });
    expect(more.manifest.funnel.passages).toBe(14);
    expect(answered.slice(15).filter((messages) => sent.includes(messages))).toEqual([]);
  });

  it('takes answers from other runs before it asks', async () => {
    const [first, second] = [await temporaryFolder(), await temporaryFolder()];
    const server = await batchServer();
    await runBatches(first, server);
    const paid = server.done.size;
    const end = await runBatches(second, server, { reuse: [first] });
    expect(end.manifest.total).toMatchObject({ requests: 0, reused: paid });
    expect(server.done.size).toBe(paid);
    expect(await rowsOf(second)).toEqual(await rowsOf(first));
  });
});
