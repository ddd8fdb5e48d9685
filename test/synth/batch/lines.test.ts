import { describe, expect, it } from 'vitest';
import type { BatchLine, LineEnd } from '../../helpers/batch-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { linesOf } from '../commands/jobs.ts';
import { batchServer, rowsOf, runBatches, taught } from './runs.ts';

const stageOf = ({ body }: BatchLine): string =>
  /Task: (\w+)/.exec(body.messages.map(({ content }) => content).join('\n'))?.[1] ?? '';

/** Does something else to a line the first time that it comes. */
function onceElse(
  isMeant: (line: BatchLine) => boolean,
  end: LineEnd,
): (line: BatchLine) => LineEnd {
  const seen = new Set<string>();
  return (line) => {
    if (!isMeant(line) || seen.has(line.custom_id)) return taught(line);
    seen.add(line.custom_id);
    return end;
  };
}

describe('lines without an answer', { timeout: 120_000 }, () => {
  it.each([
    ['failed on the server', { kind: 'status', status: 500, message: 'out of memory' }],
    ['were throttled', { kind: 'status', status: 429, message: 'slow down' }],
    ['expired', { kind: 'expired' }],
    ['are in neither file', { kind: 'forgotten' }],
  ] satisfies [string, LineEnd][])('that %s are sent again, the others not', async (_, end) => {
    const folder = await temporaryFolder();
    const isThird = (line: BatchLine) => Number.parseInt(line.custom_id.slice(0, 4), 16) % 3 === 0;
    const server = await batchServer({ line: onceElse(isThird, end) });
    const { manifest } = await runBatches(folder, server);
    expect(manifest).toMatchObject({ state: 'finished', funnel: { passages: 12 } });
    expect(Math.max(...server.done.values())).toBe(1);
    const calm = await temporaryFolder();
    await runBatches(calm, await batchServer());
    expect(await rowsOf(folder)).toEqual(await rowsOf(calm));
  });

  it('are given up after four batches; the passage is tried again by the next command', async () => {
    const folder = await temporaryFolder();
    let well = false;
    let first = '';
    const server = await batchServer({
      line: (line) => {
        first ||= line.custom_id;
        if (well || line.custom_id !== first) return taught(line);
        return { kind: 'status', status: 502, message: 'bad gateway' };
      },
    });
    const { manifest } = await runBatches(folder, server);
    expect(manifest).toMatchObject({ state: 'stopped', failed_passages: 1 });
    expect(manifest.message).toMatch(/^1 passages got no answer .* most often: HTTP 502/);
    const times = server.batches.filter(({ lines }) =>
      lines.some(({ custom_id }) => custom_id === first),
    );
    expect(times).toHaveLength(4);
    well = true;
    const again = await runBatches(folder, server);
    expect(again.manifest).toMatchObject({ state: 'finished', funnel: { passages: 12 } });
  });

  it.each([
    ['nobody comes to', { kind: 'expired' }],
    ['come back in neither file', { kind: 'forgotten' }],
  ] satisfies [string, LineEnd][])(
    'that %s are given up as well, also where no others are left',
    async (_, end) => {
      const folder = await temporaryFolder();
      let well = false;
      let first = '';
      const server = await batchServer({
        line: (line) => {
          first ||= line.custom_id;
          return well || line.custom_id !== first ? taught(line) : end;
        },
      });
      const times = () =>
        server.batches.filter(({ lines }) => lines.some(({ custom_id }) => custom_id === first));
      for (const batches of [4, 8]) {
        const { manifest } = await runBatches(folder, server);
        expect(manifest).toMatchObject({ state: 'stopped', failed_passages: 1 });
        expect(manifest.message).toMatch(
          /^1 passages got no answer .* most often: its batch brought nothing for it/,
        );
        expect(manifest.funnel.passages).toBe(11);
        expect(times()).toHaveLength(batches);
      }
      well = true;
      const { manifest } = await runBatches(folder, server);
      expect(manifest).toMatchObject({ state: 'finished', funnel: { passages: 12 } });
    },
  );

  it('because their batch ended early wait for their turn as long as others get answers', async () => {
    const folder = await temporaryFolder();
    const answered = new Map<number, number>();
    const server = await batchServer({
      line: (line, batch) => {
        const before = answered.get(batch) ?? 0;
        answered.set(batch, before + 1);
        return before < 2 ? taught(line) : { kind: 'expired' };
      },
      ending: () => 'expired',
    });
    const { manifest } = await runBatches(folder, server, { config: { judge: false, repair: 0 } });
    expect(manifest).toMatchObject({ state: 'finished', funnel: { passages: 12 } });
    const times = new Map<string, number>();
    for (const { custom_id } of server.batches.flatMap(({ lines }) => lines))
      times.set(custom_id, (times.get(custom_id) ?? 0) + 1);
    expect(Math.max(...times.values())).toBeGreaterThan(4);
  });

  it('that the server refuses reject their candidate with its words, once it took others', async () => {
    const folder = await temporaryFolder();
    let refused = '';
    const server = await batchServer({
      line: (line) => {
        if (stageOf(line) === 'extract') refused ||= line.custom_id;
        if (line.custom_id !== refused) return taught(line);
        return { kind: 'status', status: 400, message: 'this prompt is too long' };
      },
    });
    const { manifest } = await runBatches(folder, server);
    expect(manifest).toMatchObject({
      state: 'finished',
      funnel: { passages: 12, rejected_extract: 1 },
    });
    const [row] = (await linesOf(folder, 'rejected.jsonl')).filter(
      ({ rejected_by }) => rejected_by === 'extract',
    );
    expect(row.reason).toBe('the server refused the request: HTTP 400: this prompt is too long');
    const sent = server.batches.flatMap(({ lines }) => lines.map(({ custom_id }) => custom_id));
    expect(sent.filter((key) => key === refused)).toHaveLength(1);
  });

  it('that are refused one and all stop the run with the commonest cause', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer({
      line: () => ({ kind: 'status', status: 400, message: 'unknown field chat_template_kwargs' }),
    });
    await expect(runBatches(folder, server)).rejects.toThrow(
      /10 of the latest 10 passages got no answer; most often: HTTP 400: unknown field chat_template_kwargs/,
    );
    expect(server.batches).toHaveLength(1);
  });

  it('for want of the model stop the run at once', async () => {
    const server = await batchServer({
      line: () => ({ kind: 'status', status: 404, message: 'The model `x` does not exist' }),
    });
    await expect(runBatches(await temporaryFolder(), server)).rejects.toThrow(
      /endpoint taught \(scripted\), batch batch_1: HTTP 404: The model `x` does not exist/,
    );
    expect(server.batches).toHaveLength(1);
  });

  it('do not go round for ever: a round that brings nothing ends the run with the reason', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer({
      line: () => ({ kind: 'expired' }),
      ending: () => 'expired',
    });
    await expect(runBatches(folder, server)).rejects.toThrow(
      /no batch of the round brought an answer \(its 24 hours were over before all of its lines were done\)/,
    );
    expect(server.batches).toHaveLength(1);
  });
});

describe('an answer that cannot be read', { timeout: 120_000 }, () => {
  it('is asked for again in the next batch, with the problem shown', async () => {
    const folder = await temporaryFolder();
    const line = onceElse((one) => stageOf(one) === 'filter' && one.body.messages.length === 2, {
      kind: 'answer',
      text: 'I would rather not.',
    });
    const server = await batchServer({ line });
    const { manifest } = await runBatches(folder, server, { config: { limit: 3 } });
    expect(manifest).toMatchObject({ state: 'finished', funnel: { passages: 3 } });
    const second = server.batches[1]?.lines[0]?.body.messages ?? [];
    expect(second.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(second[3]?.content).toMatch(/cannot be used: the answer has no <multi_step>/);
  });

  it('three times over rejects the passage, as in a live run', async () => {
    const folder = await temporaryFolder();
    const server = await batchServer({ line: () => ({ kind: 'answer', text: '' }) });
    const { manifest } = await runBatches(folder, server, { config: { limit: 3 } });
    expect(manifest).toMatchObject({ state: 'finished', funnel: { rejected_filter: 3 } });
    expect(server.batches.map(({ lines }) => lines.length)).toEqual([3, 3, 3]);
  });
});
