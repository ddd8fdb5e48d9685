import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Passage } from '../../../core/passage.ts';
import { parseShard, requireSameCount, shardFolder } from '../../../core/run/shard.ts';
import { SynthConfig } from '../../../synth/config.ts';
import { newCorpusReport } from '../../../synth/corpus/report.ts';
import { passagesOf } from '../../../synth/passages.ts';
import { shareOf } from '../../../synth/shards/share.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, linesOf } from '../commands/jobs.ts';
import { runSynth, writeCorpus } from './shard-runs.ts';

describe('--shard', () => {
  it('takes I/N with I from 1 to N', () => {
    expect(parseShard('1/1')).toEqual({ index: 1, count: 1 });
    expect(parseShard('64/64')).toEqual({ index: 64, count: 64 });
  });

  it.each(['0/4', '5/4', '1', '1/0', '-1/4', '1.5/4', 'a/b', '1/4/2', ' 1/4', '', '1/100001'])(
    'refuses %j and says what is right',
    (text) => {
      expect(() => parseShard(text)).toThrow(/--shard .*: write I\/N with I from 1 to N/);
    },
  );

  it('names folders so that they sort as the shards do', () => {
    expect(shardFolder('runs/a', { index: 7, count: 64 })).toBe(join('runs/a/shards/07-of-64'));
  });

  it('refuses another number of shards in the same run', async () => {
    const run = await temporaryFolder();
    await runSynth(run, { index: 1, count: 2 }, { config: { limit: 4 } });
    expect(() => requireSameCount(run, 2)).not.toThrow();
    expect(() => requireSameCount(run, 3)).toThrow(/is divided into 2 shards .*, not 3/);
  });
});

describe('the shares of a corpus', () => {
  it('have each passage once, with the ids and the duplicates of the whole', async () => {
    const corpus = await troublesomeCorpus();
    const whole = await passages(corpus, null);
    for (const count of [1, 2, 3, 7, 64]) {
      const shares: Passage[] = [];
      for (let index = 1; index <= count; index += 1)
        shares.push(...(await passages(corpus, { index, count })));
      expect(shares).toHaveLength(whole.length);
      expect(new Set(shares.map(({ id }) => id))).toEqual(new Set(whole.map(({ id }) => id)));
      const byId = new Map(shares.map((passage) => [passage.id, passage]));
      expect(whole.map(({ id }) => byId.get(id))).toEqual(whole);
    }
  });

  it('are about equal', async () => {
    const corpus = await troublesomeCorpus();
    const whole = await passages(corpus, null);
    for (let index = 1; index <= 4; index += 1) {
      const share = (await passages(corpus, { index, count: 4 })).length / whole.length;
      expect(share).toBeGreaterThan(0.15);
      expect(share).toBeLessThan(0.35);
    }
  });

  it('make up the first passages of the whole under a limit', async () => {
    const corpus = [CORPUS];
    const whole = (await passages(corpus, null)).slice(0, 20).map(({ id }) => id);
    const shares: string[] = [];
    for (let index = 1; index <= 3; index += 1)
      shares.push(...(await passages(corpus, { index, count: 3 }, 20)).map(({ id }) => id));
    expect(shares.sort()).toEqual(whole.sort());
  });
});

/** Duplicates in other letters and spaces, one id for two texts, none, and documents that are split. */
async function troublesomeCorpus(): Promise<string[]> {
  const folder = await temporaryFolder();
  const texts: string[] = (await linesOf(join(CORPUS, '..'), 'corpus.jsonl')).map(
    ({ text }: { text: string }) => text,
  );
  const rows = texts.flatMap((text, at) => [
    { id: `row-${at % 30}`, text },
    { id: `again-${at}`, text: text.toUpperCase() },
    { id: `row-${at % 30}`, text: `${text}\n\nWritten down in ${1900 + at} by somebody else.` },
  ]);
  const long = { id: 'long', text: texts.join('\n\n') };
  const spaced = { id: 'long-2', text: texts.join('\n\n\n') };
  return [
    await writeCorpus(join(folder, 'a.jsonl'), [...rows, long]),
    await writeCorpus(join(folder, 'b.jsonl'), [spaced, ...rows.slice(0, 40), { text: texts[0] }]),
  ];
}

async function passages(
  inputs: string[],
  shard: { index: number; count: number } | null,
  limit: number | null = null,
): Promise<Passage[]> {
  const config = SynthConfig.parse({});
  const all = passagesOf(config, inputs, newCorpusReport());
  const own = shard === null ? all : shareOf(all, shard, limit, { passages: 0 });
  const found: Passage[] = [];
  for await (const passage of own) found.push(passage);
  return found;
}
