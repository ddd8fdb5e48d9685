import { appendFile, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CommitLog, type PassageEnd } from '../../../core/run/commit-log.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'commit-log-'));
});
afterEach(() => rm(folder, { recursive: true }));

const end = (id: string, over: Partial<PassageEnd> = {}): PassageEnd => ({
  id,
  outcome: 'done',
  reason: null,
  counts: { passages: 1 },
  accepted: [{ id: `${id}-row` }],
  rejected: [],
  ...over,
});

async function ids(name: string): Promise<string[]> {
  const text = await readFile(join(folder, `${name}.jsonl`), 'utf8');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line): string => JSON.parse(line).id);
}

describe('CommitLog', () => {
  it('knows after a restart which passages have ended and how many came how far', async () => {
    const log = await CommitLog.open(folder, null);
    await Promise.all([
      log.commit(end('a')),
      log.commit(end('b', { outcome: 'filtered', accepted: [] })),
    ]);
    await log.commit(
      end('c', { outcome: 'failed', reason: 'no server', counts: {}, accepted: [] }),
    );
    await log.close();
    const again = await CommitLog.open(folder, null);
    expect([again.isDone('a'), again.isDone('b'), again.isDone('c')]).toEqual([true, true, false]);
    expect(again.funnel).toMatchObject({ passages: 2, accepted: 1 });
    await again.close();
  });

  it('takes back rows that a kill left without their passage line', async () => {
    const log = await CommitLog.open(folder, null);
    await log.commit(end('a'));
    await log.close();
    await appendFile(join(folder, 'trajectories.jsonl'), '{"id":"b-row"}\n{"id":"c-');
    await appendFile(join(folder, 'passages.jsonl'), '{"id":"b","outc');
    const again = await CommitLog.open(folder, null);
    expect(again.isDone('b')).toBe(false);
    await again.commit(end('b'));
    await again.close();
    expect(await ids('trajectories')).toEqual(['a-row', 'b-row']);
  });

  it('accepts exactly the target, keeps the surplus, and takes it in when the target grows', async () => {
    const log = await CommitLog.open(folder, 3);
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map((id) => log.commit(end(id))));
    expect(log.targetReached).toBe(true);
    await log.close();
    expect(await ids('trajectories')).toEqual(['a-row', 'b-row', 'c-row']);
    expect(await ids('surplus')).toEqual(['d-row', 'e-row']);
    const higher = await CommitLog.open(folder, 4);
    expect(higher.funnel).toMatchObject({ accepted: 4, surplus: 1, passages: 5 });
    await higher.close();
    expect(await ids('trajectories')).toEqual(['a-row', 'b-row', 'c-row', 'e-row']);
    expect(await ids('surplus')).toEqual(['d-row']);
    const all = await CommitLog.open(folder, null);
    expect(all.funnel).toMatchObject({ accepted: 5, surplus: 0 });
    await all.close();
    expect(await ids('surplus')).toEqual([]);
  });

  it('writes nothing more after a write that failed, so that no half end is taken for whole', async () => {
    const log = await CommitLog.open(folder, null);
    await log.commit(end('a'));
    const loop: { self?: unknown } = {};
    loop.self = loop;
    await expect(
      log.commit(end('b', { accepted: [{ id: 'b-row' }], rejected: [loop] })),
    ).rejects.toThrow('circular');
    await expect(log.commit(end('c'))).rejects.toThrow('circular');
    await log.close();
    const again = await CommitLog.open(folder, null);
    await again.commit(end('b'));
    await again.close();
    expect(await ids('trajectories')).toEqual(['a-row', 'b-row']);
  });

  it('says so when rows are missing that were committed', async () => {
    const log = await CommitLog.open(folder, null);
    await log.commit(end('a'));
    await log.close();
    await rm(join(folder, 'trajectories.jsonl'));
    await expect(CommitLog.open(folder, null)).rejects.toThrow('rows are missing');
  });
});
