import { describe, expect, it } from 'vitest';
import type { Message } from '../../../core/conversation.ts';
import type { Manifest } from '../../../core/run/manifest.ts';
import { compareRuns } from '../../../eval/compare/compare.ts';
import { Comparison, type Difference, type ViewName } from '../../../eval/compare/comparison.ts';
import { finding, rejectedByCheck, trajectory } from '../run-report/run-fixture.ts';
import { manyRows, SETTINGS, writeComparedRun } from './compare-fixture.ts';

const DRAW = { seed: 0, replicates: 300, training: null, gpus: [], onRun: () => {} };

async function compare(...folders: string[]): Promise<Comparison> {
  const { comparison } = await compareRuns(folders, DRAW);
  return Comparison.parse(comparison);
}

/** The only pair of a comparison. */
function pairOf({ pairs: [pair] }: Comparison) {
  if (pair === undefined) throw new Error('two runs make a pair');
  return pair;
}

function differences(comparison: Comparison, view: ViewName = 'equal_passages'): Difference[] {
  return pairOf(comparison).views.find(({ name }) => name === view)?.differences ?? [];
}

function difference(comparison: Comparison, name: string, view?: ViewName): Difference {
  const found = differences(comparison, view).find((one) => one.name === name);
  if (found === undefined) throw new Error(`no measure ${name}`);
  return found;
}

const UNCHECKED: Partial<Manifest> = { ablation: { refine: true, check: false, judge: false } };

/** The same row with a call that lacks what its tool requires. */
function spoiled(index: number): { messages: Message[] } {
  const { messages } = trajectory(`row-${index}`);
  return {
    messages: messages.map((message) =>
      message.role === 'assistant' && message.tool_calls !== undefined
        ? {
            ...message,
            tool_calls: message.tool_calls.map((call) => ({
              ...call,
              function: { ...call.function, arguments: '{}' },
            })),
          }
        : message,
    ),
  };
}

describe('comparing a run with itself', () => {
  it('says no difference, of every measure, at every view', async () => {
    const folder = await writeComparedRun({
      accepted: manyRows(40, (index) => ({ turns: 1 + (index % 3), calls: 1 + (index % 2) })),
      rejected: [rejectedByCheck('bad', finding('missing_required'))],
      filtered: ['poem'],
      tokens: (id) => 1000 + id.length,
    });
    const comparison = await compare(folder, folder);
    const { views } = pairOf(comparison);
    expect(views.map(({ name }) => name)).toEqual(['equal_passages', 'equal_rows', 'equal_tokens']);
    const all = views.flatMap((view) => view.differences);
    expect(all.length).toBeGreaterThan(50);
    for (const one of all)
      expect(one, one.name).toMatchObject({ difference: 0, verdict: 'no_difference' });
    expect(comparison.methods.map(({ name }) => name)).toEqual(['harbour-run', 'harbour-run (2)']);
  });
});

describe('a run of which a tenth was spoiled on purpose', () => {
  it('differs, beyond noise, in what was spoiled and in nothing else', async () => {
    const sound = await writeComparedRun({ accepted: manyRows(120), manifest: UNCHECKED });
    const broken = await writeComparedRun({
      accepted: manyRows(120, (index) => (index % 10 === 0 ? spoiled(index) : {})),
      manifest: UNCHECKED,
    });
    const comparison = await compare(sound, broken);
    const missing = difference(comparison, 'code.error.missing_required');
    expect(missing).toMatchObject({ a: 0, b: 0.1, passages: 120, differing: 12 });
    expect(missing).toMatchObject({ verdict: 'higher', better: 'lower' });
    expect(missing.low).toBeGreaterThan(0.03);
    expect(missing.low).toBeLessThan(0.1);
    expect(missing.high).toBeGreaterThan(0.1);
    expect(missing.high).toBeLessThan(0.17);
    for (const name of ['messages', 'turns', 'calls', 'passed_of_candidates'])
      expect(difference(comparison, name).verdict, name).toBe('no_difference');
    expect(comparison.notes.join('\n')).toContain('checked anew');
  });

  it('is within noise where too few rows were spoiled for a verdict', async () => {
    const sound = await writeComparedRun({ accepted: manyRows(40), manifest: UNCHECKED });
    const broken = await writeComparedRun({
      accepted: manyRows(40, (index) => (index < 4 ? spoiled(index) : {})),
      manifest: UNCHECKED,
    });
    const missing = difference(await compare(sound, broken), 'code.error.missing_required');
    expect(missing).toMatchObject({ difference: 0.1, verdict: 'within_noise' });
    expect(missing.detectable).toBeGreaterThan(0.1);
  });
});

describe('what is compared', () => {
  it('is what both runs have brought to an end, and it is said what is not', async () => {
    const rows = manyRows(30);
    const one = await writeComparedRun({ accepted: rows.slice(0, 20) });
    const other = await writeComparedRun({ accepted: rows.slice(5), filtered: ['poem'] });
    const pair = pairOf(await compare(one, other));
    expect(pair.passages).toEqual({ shared: 15, only_a: 5, only_b: 11, other_text: 0 });
    expect(pair.notes.join('\n')).toContain('the 15 passages that came to an end in both');
    expect(pair.views[0]?.a).toMatchObject({ passages: 15, rows: 15 });
  });

  it('is nothing where runs share no passage, which is said', async () => {
    const one = await writeComparedRun({ accepted: [trajectory('a')] });
    const other = await writeComparedRun({ accepted: [trajectory('b')] });
    const pair = pairOf(await compare(one, other));
    expect(pair.views).toEqual([]);
    expect(pair.notes.join('\n')).toContain('No passage came to an end in both');
  });

  it('leaves out passages of one id with other texts', async () => {
    const rows = manyRows(12);
    const changed = rows.map((row, index) =>
      index < 2 ? { ...row, source: { ...row.source, sha256: 'f'.repeat(64) } } : row,
    );
    const [one, other] = [
      await writeComparedRun({ accepted: rows }),
      await writeComparedRun({ accepted: changed }),
    ];
    expect(pairOf(await compare(one, other)).passages).toMatchObject({ shared: 10, other_text: 2 });
  });

  it('names a run that is empty, and refuses where all are', async () => {
    const empty = await writeComparedRun({});
    const full = await writeComparedRun({ accepted: manyRows(3) });
    const { notes } = await compare(full, empty);
    expect(notes.join('\n')).toContain('is empty: no passage has come to an end');
    await expect(compare(empty, empty)).rejects.toThrow(/nothing to compare/);
  });

  it('says nothing of ten passages that it could not', async () => {
    const one = await writeComparedRun({ accepted: manyRows(6) });
    const other = await writeComparedRun({ accepted: manyRows(6, () => ({ turns: 3 })) });
    expect(difference(await compare(one, other), 'turns')).toMatchObject({
      difference: 2,
      low: null,
      verdict: 'too_few',
    });
  });
});

describe('equal rows and equal tokens', () => {
  it('take as many passages as the poorer run can pay for', async () => {
    const cheap = await writeComparedRun({ accepted: manyRows(40), tokens: () => 100 });
    const dear = await writeComparedRun({ accepted: manyRows(40), tokens: () => 400 });
    const comparison = await compare(cheap, dear);
    const view = pairOf(comparison).views.find(({ name }) => name === 'equal_tokens');
    expect(view).toMatchObject({
      a: { passages: 40, rows: 40, tokens: 4000 },
      b: { passages: 10, rows: 10, tokens: 4000 },
    });
    const bought = difference(comparison, 'rows_for_tokens', 'equal_tokens');
    expect(bought).toMatchObject({ a: 40, b: 10, difference: -30, verdict: 'lower' });
    const paid = difference(comparison, 'tokens_for_rows', 'equal_rows');
    expect(paid).toMatchObject({ a: 4000, b: 16_000, verdict: 'higher' });
  });

  it('look at as many accepted rows of each', async () => {
    const rich = await writeComparedRun({ accepted: manyRows(40) });
    const rows = manyRows(40);
    const poor = await writeComparedRun({
      accepted: rows.slice(0, 15),
      filtered: rows.slice(15).map(({ source }) => source.id),
    });
    const view = pairOf(await compare(rich, poor)).views.find(({ name }) => name === 'equal_rows');
    expect(view).toMatchObject({ a: { rows: 15 }, b: { rows: 15 } });
    expect(view?.differences.map(({ name }) => name)).toContain('distinct_3');
  });
});

describe('methods', () => {
  const seeded = (seed: number, gate: string): Partial<Manifest> => ({
    name: `${gate}-${seed}`,
    fingerprint_parts: {
      ...SETTINGS,
      gate,
      seed,
      'stages.generate.sampling': { seed, temperature: 0.8 },
    },
  });

  it('are runs that differ in their seed alone, taken together', async () => {
    const folders = [];
    for (const [seed, gate] of [
      [1, 'strict'],
      [2, 'strict'],
      [1, 'paper'],
    ] as const)
      folders.push(
        await writeComparedRun({ accepted: manyRows(12), manifest: seeded(seed, gate) }),
      );
    const comparison = await compare(...folders);
    expect(comparison.methods).toEqual([
      { name: 'strict-1 + strict-2', runs: ['strict-1', 'strict-2'] },
      { name: 'paper-1', runs: ['paper-1'] },
    ]);
    expect(difference(comparison, 'passed_per_passage')).toMatchObject({ a: 1, b: 1 });
    expect(pairOf(comparison).notes.join('\n')).toContain('differ in the gate');
  });

  it('are the runs themselves where all differ in their seed alone', async () => {
    const one = await writeComparedRun({ accepted: manyRows(12), manifest: seeded(1, 'strict') });
    const two = await writeComparedRun({ accepted: manyRows(12), manifest: seeded(2, 'strict') });
    expect((await compare(one, two)).methods).toHaveLength(2);
  });

  it('of the offline teacher are marked so, and so are their pairs', async () => {
    const offline = await writeComparedRun({ accepted: manyRows(3), manifest: { offline: true } });
    const real = await writeComparedRun({ accepted: manyRows(3) });
    const comparison = await compare(real, offline, real);
    expect(comparison.runs.map((run) => run.offline)).toEqual([false, true, false]);
    expect(comparison.pairs.map((pair) => pair.offline)).toEqual([true, false, true]);
  });
});
