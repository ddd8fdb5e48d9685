import { existsSync } from 'node:fs';
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { JournalReader } from '../../../core/llm/journal.ts';
import { type MergeJob, mergeRuns } from '../../../core/run/merge/merge-runs.ts';
import { shardFolder } from '../../../core/run/shard.ts';
import { runCommand } from '../../helpers/command.ts';
import { sharedFolder, temporaryFolder } from '../../helpers/temporary.ts';
import { linesOf, manifestOf } from '../commands/jobs.ts';
import { rowsOf, runShards, runSynth, withoutTimes } from './shard-runs.ts';

const WISH = { config: { limit: 40 }, defectRate: 0.4 };
let home: string;
let run: string;
let whole: string;
beforeAll(async () => {
  home = await sharedFolder();
  run = join(home, 'divided');
  whole = join(home, 'whole');
  await runShards(run, 3, WISH);
  await runSynth(whole, null, WISH);
}, 120_000);

describe('a merged run', () => {
  it('has the rows, counts and corpus of the run in one piece', async () => {
    const out = await temporaryFolder();
    const manifest = await merge({ folder: out });
    for (const name of ['trajectories.jsonl', 'rejected.jsonl']) {
      const rows = await rowsOf(out, name);
      expect(rows.size).toBeGreaterThan(3);
      expect(rows).toEqual(await rowsOf(whole, name));
    }
    const { funnel, corpus, fingerprint, state, message, total } = await manifestOf(whole);
    expect(manifest).toMatchObject({ funnel, corpus, fingerprint, state, message });
    expect({ ...manifest.total, seconds: 0 }).toEqual({ ...total, seconds: 0 });
    expect(manifest.merged?.map(({ shard }) => shard?.index)).toEqual([1, 2, 3]);
    expect(await manifestOf(out)).toEqual(manifest);
  });

  it("has its shards' rows byte by byte, and their places in passages.jsonl", async () => {
    const out = await temporaryFolder();
    await merge({ folder: out });
    const parts = [1, 2, 3].map((index) => shardFolder(run, { index, count: 3 }));
    const texts = await Promise.all(
      parts.map((part) => readFile(join(part, 'trajectories.jsonl'))),
    );
    expect(await readFile(join(out, 'trajectories.jsonl'))).toEqual(Buffer.concat(texts));
    const passages = await linesOf(out, 'passages.jsonl');
    expect(passages).toHaveLength(40);
    expect(passages.at(-1).sizes.trajectories).toBe(Buffer.concat(texts).length);
  });

  it('is an ordinary run to every command', async () => {
    const out = join(await temporaryFolder(), 'm');
    await merge({ folder: out });
    const [first] = await linesOf(out, 'trajectories.jsonl');
    const commands: [string[], RegExp][] = [
      [['trace', out, first.id], /generate/],
      [['export', out, '--format', 'parquet'], /rows: /],
      [['eval', 'compare', out, whole], /passages ended +40 +40/],
      [['recheck', out, '--out', join(out, '..', 'again')], /of 40 passages/],
      [distillArgs(out, join(out, '..', 'data')), /./],
    ];
    for (const [args, said] of commands) {
      const { stdout, stderr, exitCode } = await runCommand(args, { timeout: 120_000 });
      expect({ args, exitCode, stderr: exitCode === 0 ? '' : stderr }).toEqual({
        args,
        exitCode: 0,
        stderr: '',
      });
      expect(stdout).toMatch(said);
    }
  }, 240_000);

  it('knows the answers of its shards, referred to or copied', async () => {
    const home = await temporaryFolder();
    const [referred, copied] = [join(home, 'referred'), join(home, 'copied')];
    await merge({ folder: referred });
    await merge({ folder: copied, copyJournals: true });
    const [{ provenance }] = await linesOf(copied, 'trajectories.jsonl');
    const key = provenance.stages[0].request_hashes[0];
    const entries = await Promise.all([referred, copied].map((folder) => answer(folder, key)));
    expect(entries[0]?.messages[0]?.role).toBe('system');
    expect(entries[0]).toEqual(entries[1]);
    expect((await linesOf(referred, 'journal.jsonl')).map(({ see }) => see)).toHaveLength(3);
    const parts = join(home, 'parts');
    await cp(run, parts, { recursive: true });
    const lonely = join(home, 'lonely');
    await mergeRuns({ ...JOB, sources: [parts], folder: lonely });
    await rm(parts, { recursive: true });
    await expect(answer(lonely, key)).rejects.toThrow(/refers to .*which is gone: bring it back/);
  });

  it('takes no more passages, and may be merged again', async () => {
    const out = join(await temporaryFolder(), 'divided');
    await cp(run, out, { recursive: true });
    await mergeRuns({ ...JOB, sources: [out], folder: out });
    const before = await rowsOf(out, 'trajectories.jsonl');
    await expect(runSynth(out, null, WISH)).rejects.toThrow(/was merged from 3 other runs/);
    await mergeRuns({ ...JOB, sources: [out], folder: out });
    expect(await rowsOf(out, 'trajectories.jsonl')).toEqual(before);
  });

  it('of whole runs has the sum of their corpora', async () => {
    const home = await temporaryFolder();
    const [a, b, out] = ['a', 'b', 'out'].map((name) => join(home, name)) as [
      string,
      string,
      string,
    ];
    const halves = await halvesOfCorpus(home);
    await runSynth(a, null, { inputs: [halves[0]] });
    await runSynth(b, null, { inputs: [halves[1]] });
    const manifest = await mergeRuns({ ...JOB, sources: [a, b], folder: out });
    expect(manifest.corpus).toMatchObject({ read: 20, passages: 20, files: 2 });
    expect(manifest.funnel.passages).toBe(20);
    await expect(mergeRuns({ ...JOB, sources: [a, out], folder: join(home, 'x') })).rejects.toThrow(
      /passage ".*" of .* is in an earlier run already/,
    );
  });
});

describe('runs that were divided and merged', () => {
  it('are joined as the runs they are; each alone is merged anew from its shards', async () => {
    const home = await temporaryFolder();
    const halves = await halvesOfCorpus(home);
    const runs = [join(home, 'a'), join(home, 'b')];
    for (const [at, folder] of runs.entries()) {
      // Of other numbers of shards: these have nothing to do with each other.
      await runShards(folder, at + 1, { inputs: [halves[at] ?? ''] });
      await mergeRuns({ ...JOB, sources: [folder], folder });
    }
    const out = join(home, 'out');
    const manifest = await mergeRuns({ ...JOB, sources: runs, folder: out });
    expect(manifest).toMatchObject({ state: 'finished', funnel: { passages: 20 } });
    expect(manifest.corpus).toMatchObject({ read: 20, passages: 20 });
    expect(manifest.merged?.map(({ folder, shard }) => [folder, shard])).toEqual([
      ['../a', null],
      ['../b', null],
    ]);
    const rows = await Promise.all([...runs, out].map((one) => rowsOf(one, 'trajectories.jsonl')));
    expect(rows[2]).toEqual(new Map([...(rows[0] ?? []), ...(rows[1] ?? [])]));
    const [{ provenance }] = await linesOf(out, 'trajectories.jsonl');
    expect(await answer(out, provenance.stages[0].request_hashes[0])).toBeDefined();
    const [again] = await Promise.all(
      runs.map((folder) => mergeRuns({ ...JOB, sources: [folder], folder })),
    );
    expect(again?.merged?.map(({ shard }) => shard)).toEqual([{ index: 1, count: 1 }]);
  });
});

describe('a merge refuses', () => {
  it('missing and unfinished shards by name, unless it may be partial', async () => {
    const home = await temporaryFolder();
    const parts = join(home, 'parts');
    await cp(run, parts, { recursive: true });
    await rm(shardFolder(parts, { index: 2, count: 3 }), { recursive: true });
    const third = join(shardFolder(parts, { index: 3, count: 3 }), 'manifest.json');
    const manifest = JSON.parse(await readFile(third, 'utf8'));
    await writeFile(third, JSON.stringify({ ...manifest, state: 'running' }));
    const job = { ...JOB, sources: [parts], folder: join(home, 'out') };
    await expect(mergeRuns(job)).rejects.toThrow(
      'shard 2/3 is missing\nshard 3/3 is killed\nLet them end first, or merge what there is with --partial.',
    );
    expect(existsSync(job.folder)).toBe(false);
    const partial = await mergeRuns({ ...job, partial: true });
    expect(partial.state).toBe('stopped');
    expect(partial.message).toBe('merged in part: shard 2/3 is missing; shard 3/3 is killed');
    expect((await rowsOf(job.folder, 'trajectories.jsonl')).size).toBe(partial.funnel.accepted);
  });

  it('other settings, naming what differs', async () => {
    const home = await temporaryFolder();
    await runSynth(join(home, 'p'), { index: 1, count: 2 }, WISH);
    await runSynth(join(home, 'p'), { index: 2, count: 2 }, { config: { limit: 40, seed: 7 } });
    await expect(
      mergeRuns({ ...JOB, sources: [join(home, 'p')], folder: join(home, 'out') }),
    ).rejects.toThrow(/have different settings; what differs:\n {2}seed: 0 -> 7\n/);
  });

  it('another corpus', async () => {
    const home = await temporaryFolder();
    const halves = await halvesOfCorpus(home);
    await runSynth(join(home, 'p'), { index: 1, count: 2 }, { inputs: [halves[0]] });
    await runSynth(join(home, 'p'), { index: 2, count: 2 }, { inputs: halves });
    await expect(
      mergeRuns({ ...JOB, sources: [join(home, 'p')], folder: join(home, 'out') }),
    ).rejects.toThrow(/read different input: .* 10 documents, 10 passages, .* 20 documents/);
  });

  it('shards of other divisions, one shard twice, and a folder that is taken', async () => {
    const home = await temporaryFolder();
    const first = shardFolder(run, { index: 1, count: 3 });
    const out = join(home, 'out');
    await expect(mergeRuns({ ...JOB, sources: [first, whole], folder: out })).rejects.toThrow(
      /is a shard of 3, and .* is no shard: they cannot be merged/,
    );
    await cp(first, join(home, 'copy'), { recursive: true });
    await expect(
      mergeRuns({ ...JOB, sources: [run, join(home, 'copy')], folder: out }),
    ).rejects.toThrow(/shard 1\/3 is given twice/);
    await expect(mergeRuns({ ...JOB, sources: [run], folder: whole })).rejects.toThrow(
      /is a run already; give another --out/,
    );
    await expect(mergeRuns({ ...JOB, sources: [home], folder: out })).rejects.toThrow(
      /there is no run to merge/,
    );
  });
});

const JOB: Omit<MergeJob, 'sources' | 'folder'> = {
  partial: false,
  target: null,
  copyJournals: false,
};

function merge(over: Partial<MergeJob> & Pick<MergeJob, 'folder'>) {
  return mergeRuns({ ...JOB, sources: [run], ...over });
}

async function answer(folder: string, key: string) {
  const journal = await JournalReader.open(join(folder, 'journal.jsonl'));
  const entry = await journal.get(key);
  await journal.close();
  return entry === undefined ? undefined : (withoutTimes(entry) as typeof entry);
}

function distillArgs(run: string, out: string): string[] {
  const shape = ['--task', 'agent', '--trainer', 'trl', '--allow-offline'];
  return ['distill', '--run', run, '--out', out, ...shape];
}

/** Ten documents each. */
async function halvesOfCorpus(folder: string): Promise<[string, string]> {
  const text = await readFile(
    new URL('../../../synth/sample/corpus.jsonl', import.meta.url),
    'utf8',
  );
  const lines = text.split('\n');
  const paths: [string, string] = [join(folder, '1.jsonl'), join(folder, '2.jsonl')];
  await writeFile(paths[0], lines.slice(0, 10).join('\n'));
  await writeFile(paths[1], lines.slice(10, 20).join('\n'));
  return paths;
}
