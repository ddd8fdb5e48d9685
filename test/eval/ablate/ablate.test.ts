import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Ablation } from '../../../eval/ablate/ablation.ts';
import { readAblation } from '../../../eval/ablate/read-config.ts';
import { writeScores } from '../../../eval/benchmarks/scores.ts';
import { type CommandOptions, runCommand, startCommand } from '../../helpers/command.ts';
import type { ModelServer } from '../../helpers/model-server.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, endpointsFile, linesOf, manifestOf } from '../../synth/commands/jobs.ts';
import { bfclScores } from '../benchmarks/score-fixture.ts';

const LIMIT = 16;
const DEFECT_RATE = 0.3;
const PRICES = 'prices: { input: 1, output: 10 }, concurrency: { first: 4, highest: 4 }';

/** The flags of an ablation by a teacher and a synthesizer that both cost money. */
async function flagsFor(folder: string, { url }: ModelServer): Promise<string[]> {
  const file = await endpointsFile(folder, {
    teacher: `{ base_url: "${url}", model: teacher, ${PRICES} }`,
    small: `{ base_url: "${url}", model: small, ${PRICES} }`,
  });
  const names = ['--endpoints', file, '--endpoint', 'teacher', '--synthesizer', 'small'];
  return ['--input', CORPUS, '--limit', String(LIMIT), ...names];
}

function ablate(out: string, flags: readonly string[], options?: CommandOptions) {
  const args = ['eval', 'ablate', '--out', out, ...flags];
  return runCommand(args, { timeout: 120_000, ...options });
}

async function ablationIn(out: string): Promise<Ablation> {
  return Ablation.parse(JSON.parse(await readFile(join(out, 'ablation.json'), 'utf8')));
}

async function textsOf(run: string): Promise<string[]> {
  const rows = await linesOf(run, 'trajectories.jsonl');
  return rows.map(({ messages }) => JSON.stringify(messages)).sort();
}

async function spentIn(out: string): Promise<number> {
  const { runs } = await ablationIn(out);
  const manifests = await Promise.all(runs.map(({ folder }) => manifestOf(join(out, folder))));
  return manifests.reduce((sum, one) => sum + one.total.cost_usd + one.unaccounted_usd, 0);
}

describe('gem-traj eval ablate', { timeout: 300_000 }, () => {
  it('asks once for what variants share, compares them, and asks nothing when it is run again', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'ablation');
    const server = await taughtServer(undefined, 0, DEFECT_RATE);
    const flags = await flagsFor(folder, server);
    const first = await ablate(out, flags);
    expect(first.exitCode, first.stderr).toBe(0);

    const hashes = server.requests.map(({ hash }) => hash);
    expect(new Set(hashes).size).toBe(hashes.length);
    const { runs, complete } = await ablationIn(out);
    const run = (name: string) => runs.find(({ variant }) => variant === name);
    expect(complete).toBe(true);
    expect(runs.reduce((sum, { paid }) => sum + paid.requests, 0)).toBe(server.received);
    expect(run('full')?.shared.requests).toBe(0);
    expect(run('no-judge')?.paid.requests).toBe(0);
    // Filtered, extracted and generated once for both.
    const { bills } = await manifestOf(join(out, 'no-refine'));
    const asked = bills.filter(({ bill }) => bill.requests > 0).map(({ stage }) => stage);
    expect(asked).toEqual(['judge']);
    // The filter's answers serve the synthesizer too.
    expect(run('synthesizer')?.shared.requests).toBe(LIMIT);

    // No judge: the rows of the whole pipeline, and those that its judge turned down.
    const [full, unjudged] = await Promise.all(
      ['full', 'no-judge'].map((name) => textsOf(join(out, name))),
    );
    expect(unjudged?.length).toBeGreaterThan(full?.length ?? 0);
    expect(unjudged).toEqual(expect.arrayContaining(full ?? []));

    expect(first.stdout).toMatch(
      /Of \d+ answers, \d+ \(\d\d%\) were shared and not asked for again/,
    );
    expect(first.stdout).toMatch(/\n +full +no-refine +no-judge +no-check +extended-checks/);
    expect(first.stdout).toMatch(/no-refine +paper: 32B GEM, no refine +32\.50 \(−12\.38, lower\)/);
    const { pairs } = JSON.parse(await readFile(join(out, 'compare.json'), 'utf8'));
    expect(pairs).toHaveLength(15);
    expect(pairs[0].passages.shared).toBe(LIMIT);

    const before = server.received;
    const again = await ablate(out, flags);
    expect(again.exitCode).toBe(0);
    expect(server.received).toBe(before);
    expect((await ablationIn(out)).runs).toEqual(runs);
  });

  it('goes on after kills, and ends as if there had been none', async () => {
    const folder = await temporaryFolder();
    const [killedOut, wholeOut] = [join(folder, 'killed'), join(folder, 'whole')];
    const server = await taughtServer(undefined, 15, DEFECT_RATE);
    const only = ['--only', 'full', '--only', 'no-refine'];
    const flags = [...(await flagsFor(folder, server)), ...only];
    for (const after of [10, 30]) {
      const running = startCommand(['eval', 'ablate', '--out', killedOut, ...flags]);
      await expect.poll(() => server.received, { timeout: 60_000 }).toBeGreaterThan(after);
      running.kill('SIGKILL');
      await running.finished;
    }
    const ended = await ablate(killedOut, flags);
    expect(ended.exitCode, ended.stderr).toBe(0);
    const whole = await ablate(wholeOut, flags);
    expect(whole.exitCode, whole.stderr).toBe(0);
    for (const name of ['full', 'no-refine']) {
      const ids = async (out: string) =>
        (await linesOf(join(out, name), 'trajectories.jsonl')).map(({ id }) => id).sort();
      expect(await ids(killedOut)).toEqual(await ids(wholeOut));
      expect((await ids(wholeOut)).length).toBeGreaterThan(0);
    }
  });

  it('keeps a budget over all variants together, and goes on with a higher one', async () => {
    const folder = await temporaryFolder();
    const out = join(folder, 'ablation');
    const server = await taughtServer(undefined, 0, DEFECT_RATE);
    const flags = await flagsFor(folder, server);
    const plan = await ablate(out, [...flags, '--dry-run', '--json']);
    expect(server.received).toBe(0);
    const { runs } = JSON.parse(plan.stdout);
    expect(runs.map(({ variant }: { variant: string }) => variant)).toContain('synthesizer');
    const refined = runs[1].stages.find(({ stage }: { stage: string }) => stage === 'generate');
    expect(refined.shared_requests).toBe(refined.requests);

    const budget = 0.4;
    const stopped = await ablate(out, [...flags, '--budget', String(budget)]);
    expect(stopped.exitCode).toBe(1);
    expect(stopped.stdout).toMatch(/is not finished \(the budget is spent.*With a higher --budget/);
    expect(await spentIn(out)).toBeLessThanOrEqual(budget);
    expect((await ablationIn(out)).complete).toBe(false);

    const more = await ablate(out, [...flags, '--budget', '100', '--json']);
    expect(more.exitCode, more.stderr).toBe(0);
    const result = JSON.parse(more.stdout.trim().split('\n').at(-1) ?? '');
    expect(result).toMatchObject({ kind: 'result', complete: true });
  });

  it('takes several seeds of a variant together', async () => {
    const folder = await temporaryFolder();
    const flags = ['--input', CORPUS, '--limit', '12', '--offline', '--seed', '0', '--seed', '4'];
    const { stdout } = await ablate('two', [...flags, '--only', 'full', '--only', 'no-refine'], {
      cwd: folder,
    });
    const comparison = JSON.parse(
      await readFile(join(folder, 'runs', 'two', 'compare.json'), 'utf8'),
    );
    expect(comparison.methods.map(({ runs }: { runs: string[] }) => runs)).toEqual([
      ['full', 'full-seed-4'],
      ['no-refine', 'no-refine-seed-4'],
    ]);
    expect(stdout).toContain('no measure of quality');
    expect(stdout).toMatch(/\nno-judge left out: switched off|- no-judge left out: switched off/);
  });

  it('sets what models trained on the variants scored beside the paper', async () => {
    const folder = await temporaryFolder();
    const config = join(folder, 'ablate.yaml');
    for (const [name, chance] of [
      ['whole', 0.45],
      ['plain', 0.3],
    ] as const) {
      await mkdir(join(folder, name));
      await writeScores(join(folder, name), bfclScores(name, 'BFCL_v3', chance));
    }
    await writeFile(config, 'scores: { full: [whole], no-refine: [plain] }\n');
    const only = ['--only', 'full', '--only', 'no-refine', '--offline'];
    const flags = ['--config', config, '--input', CORPUS, '--limit', '6', ...only];
    const { stdout, stderr } = await ablate('scored', flags, { cwd: folder });
    expect(stderr).not.toContain('scores');
    expect(stdout).toMatch(/full: whole +\d\d\.\d\d/);
    expect(stdout).toMatch(/BFCL overall: no-refine: plain less full: whole -\d/);
    const markdown = await readFile(join(folder, 'runs', 'scored', 'ablation.md'), 'utf8');
    expect(markdown).toContain('| full: whole |');

    await writeFile(config, 'scores: { full: [nowhere] }\n');
    const { stderr: wrong, exitCode } = await ablate('none', flags, { cwd: folder });
    expect([wrong, exitCode]).toEqual([expect.stringContaining('nowhere/scores.json'), 1]);
  });

  it('says what is wrong with a file or a flag', async () => {
    const folder = await temporaryFolder();
    const config = join(folder, 'ablate.yaml');
    const flags = { input: [CORPUS], seed: [], only: [] };
    const wrong = async (text: string) => {
      await writeFile(config, text);
      return readAblation({ ...flags, config });
    };
    await expect(wrong('variants:\n  mine:\n    refin: false\n')).rejects.toThrow(
      /ablate\.yaml, line 3: variants\.mine\.refin: there is no such setting of synth; known are method, /,
    );
    await expect(wrong('settings: { target: 5 }\n')).rejects.toThrow(
      /line 1: settings\.target: .*write limit/,
    );
    await expect(wrong('variants: { ../up: {} }\n')).rejects.toThrow(/named by letters, digits/);
    await expect(wrong('settings: { gate: loose }\n')).rejects.toThrow(
      /settings\.gate: .*"paper"\|"strict"/,
    );
    await expect(readAblation({ ...flags, input: [] })).rejects.toThrow(/no text is given/);
    await expect(readAblation({ ...flags, input: ['-'] })).rejects.toThrow(/reads the text anew/);
    await expect(readAblation({ ...flags, limit: 0 })).rejects.toThrow(/--limit 0: /);
    await expect(readAblation({ ...flags, only: ['nothing'] })).rejects.toThrow(
      /--only nothing: there is no such variant; known are full, no-refine/,
    );
    const { stderr, exitCode } = await ablate('x', ['--input', CORPUS], { cwd: folder });
    expect([stderr, exitCode]).toEqual([expect.stringMatching(/no endpoint is given/), 1]);
  });
});
