import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Rejection, Trajectory } from '../../../core/trajectory.ts';
import { checkConversation, strictGateFails } from '../../../synth/check/run-checks.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import { answer } from '../../helpers/model-actions.ts';
import type { Script } from '../../helpers/model-server.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { endpointsFile, linesOf, manifestOf, synth } from './jobs.ts';

const DEFECTS = ['--offline', '--defect-rate', '0.3', '--repair', '0'];
const FILES = ['trajectories.jsonl', 'rejected.jsonl', 'passages.jsonl', 'manifest.json'];

async function makeRun(name: string, gate: 'paper' | 'strict', limit: number): Promise<string> {
  const run = join(folder, name);
  const flags = [...DEFECTS, '--gate', gate, '--limit', String(limit)];
  expect(await synth(run, flags)).toMatchObject({ exitCode: 0 });
  return run;
}

/** The paper's gate is kept by several tests: none changes it. */
let folder: string;
let made: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gem-traj-recheck-'));
  made = await makeRun('made', 'paper', 40);
}, 120_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

const recheck = (run: string, out: string, over: string[] = []) =>
  runCommand(['recheck', run, '--out', out, ...over], { timeout: 120_000 });

const textsOf = (run: string) =>
  Promise.all(FILES.map((name) => readFile(join(run, name), 'utf8')));

async function rowsOf(run: string): Promise<(Trajectory | Rejection)[]> {
  const accepted = (await linesOf(run, 'trajectories.jsonl')).map((row) => Trajectory.parse(row));
  const rejected = (await linesOf(run, 'rejected.jsonl')).map((row) => Rejection.parse(row));
  return [...accepted, ...rejected];
}

/** Rows by the id that they had in their source, without what may differ from one session to the next. */
async function contentsOf(run: string): Promise<Map<string, unknown>> {
  return new Map(
    (await rowsOf(run)).map((row) => [row.provenance.rechecked_from?.id ?? '', withoutTimes(row)]),
  );
}

function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member) => (key === 'seconds' ? 0 : member)));
}

/** What the strict gate should make of a row that the paper's gate and the judge have seen. */
function strictEnd(row: Trajectory | Rejection): string {
  if ('rejected_by' in row && row.rejected_by !== 'check' && row.rejected_by !== 'judge')
    return row.rejected_by;
  const { messages, tools, patterns, source, workflow } = row;
  const findings = checkConversation({
    conversation: { messages, tools },
    refined: true,
    profile: 'gem',
    language: 'English',
    patterns: patterns.asked,
    passage: source.text,
    workflow: workflow ?? undefined,
  });
  if (strictGateFails(findings)) return 'check';
  return 'rejected_by' in row ? row.rejected_by : 'accepted';
}

describe('gem-traj recheck', { timeout: 180_000 }, () => {
  it('applies another gate to every candidate, and leaves the run as it was', async () => {
    const before = await textsOf(made);
    const out = `${made}-strict`;
    const { stdout, exitCode } = await recheck(made, out, ['--gate', 'strict']);
    expect(exitCode).toBe(0);
    expect(await textsOf(made)).toEqual(before);

    const source = new Map((await rowsOf(made)).map((row) => [row.id, row]));
    const rows = await rowsOf(out);
    expect(rows).toHaveLength(source.size);
    for (const row of rows) {
      const from = row.provenance.rechecked_from;
      const old = source.get(from?.id ?? '');
      if (old === undefined) throw new Error(`${row.id} is from no row of the source`);
      expect('rejected_by' in row ? row.rejected_by : 'accepted').toBe(strictEnd(old));
      expect(row.messages).toEqual(old.messages);
      expect(source.has(row.id)).toBe(false);
    }
    const [old, now] = [await manifestOf(made), await manifestOf(out)];
    expect(now.funnel).toMatchObject({
      passages: old.funnel.passages,
      generated: old.funnel.generated,
      accepted: rows.filter((row) => !('rejected_by' in row)).length,
    });
    expect(now.funnel.accepted).toBeLessThan(old.funnel.accepted);
    expect(now.total.requests).toBe(0);
    expect(stdout).toMatch(/^accepted +rejected by check +\d+ +[a-z_]+ \d+/m);
    expect(stdout).toContain(`accepted: ${old.funnel.accepted} before, ${now.funnel.accepted} now`);
  });

  it('makes a run as any other, and is undone by the old gate', async () => {
    const [strict, back] = [`${made}-strict2`, `${made}-back`];
    await recheck(made, strict, ['--gate', 'strict']);
    const [row] = await linesOf(strict, 'trajectories.jsonl');
    for (const args of [
      ['status', strict],
      ['report', strict],
      ['export', strict, '--format', 'parquet'],
      ['trace', strict, row.id],
    ])
      expect(await runCommand(args, { timeout: 60_000 }), args[0]).toMatchObject({ exitCode: 0 });
    expect((await recheck(strict, back, ['--gate', 'paper'])).exitCode).toBe(0);
    const messages = async (run: string) =>
      (await linesOf(run, 'trajectories.jsonl')).map((one) => JSON.stringify(one.messages)).sort();
    expect(await messages(back)).toEqual(await messages(made));
  });

  it('never lets a row pass that no judge has seen, until one is given', async () => {
    const checked = await makeRun('checked', 'strict', 40);
    const [plain, judged] = [`${checked}-paper`, `${checked}-judged`];
    const { stdout } = await recheck(checked, plain, ['--gate', 'paper']);
    const unscored = (await linesOf(plain, 'rejected.jsonl')).filter(({ reason }) =>
      reason.startsWith('unscored: it was never judged'),
    );
    expect(unscored.length).toBeGreaterThan(0);
    expect(stdout).toContain(`${unscored.length} rows pass the checks now and were never judged`);
    expect((await manifestOf(plain)).funnel.unscored).toBe(unscored.length);
    expect(
      (await recheck(checked, judged, ['--gate', 'paper', '--judge', 'offline'])).exitCode,
    ).toBe(0);
    const rows = await rowsOf(judged);
    expect(rows.filter((row) => 'rejected_by' in row && row.reason.startsWith('unscored'))).toEqual(
      [],
    );
    const { funnel, total } = await manifestOf(judged);
    expect(total.requests).toBe(funnel.check_passed);
  });

  it('judged by a server, killed and gone on with, ends as if it had not been', async () => {
    const [calm, killed] = [`${made}-calm`, `${made}-killed`];
    const server = await taughtServer(undefined, 15);
    const entry = `{ base_url: "${server.url}", model: m, concurrency: { first: 2, highest: 2 } }`;
    const endpoints = await endpointsFile(await temporaryFolder(), { other: entry });
    const judge = ['--judge', 'other', '--endpoints', endpoints];
    const flags = ['--gate', 'strict', ...judge];
    expect((await recheck(made, calm, flags)).exitCode).toBe(0);
    const asked = server.received;
    expect(asked).toBe((await manifestOf(calm)).funnel.check_passed);

    const running = startCommand(['recheck', made, '--out', killed, ...flags]);
    await expect
      .poll(() => server.received, { timeout: 30_000, interval: 1 })
      .toBeGreaterThanOrEqual(asked + 8);
    running.kill('SIGKILL');
    await running.finished;
    expect((await recheck(made, killed, flags)).exitCode).toBe(0);
    expect(server.received).toBeLessThanOrEqual(2 * asked + 2);
    expect(await contentsOf(killed)).toEqual(await contentsOf(calm));

    // The same judge and the same words: the verdicts are taken over.
    const before = server.received;
    const again = `${made}-again`;
    expect((await recheck(calm, again, [...judge, '--gate', 'paper'])).exitCode).toBe(0);
    const { total, funnel } = await manifestOf(again);
    expect(total.reused).toBe(asked);
    expect(server.received - before).toBe(funnel.check_passed - asked);
  });

  it('keeps an unreadable verdict out of the accepted rows', async () => {
    const mumble: () => Script = () => () => answer('Looks fine to me.');
    const server = await taughtServer(mumble);
    const env = { OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm' };
    const out = `${made}-mumbled`;
    const args = ['recheck', made, '--out', out, '--judge', 'environment', '--json'];
    const { stdout, exitCode } = await runCommand(args, { env, timeout: 120_000 });
    expect(exitCode).toBe(0);
    const result = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '');
    expect(result).toMatchObject({ kind: 'result', accepted_now: 0 });
    expect(result.accepted_before).toBe((await manifestOf(made)).funnel.accepted);
    expect(result.funnel.unscored).toBe(result.funnel.check_passed);
  });

  it('says what it cannot do', async () => {
    const small = await makeRun('small', 'paper', 4);
    const out = `${small}-out`;
    const refusals: [string[], RegExp][] = [
      [[join(small, 'none'), '--out', out], /there is no run in/],
      [[small, '--out', `${small}/../small`], /is the run itself/],
      [[small, '--out', out, '--judge', 'nobody'], /there is no endpoint "nobody"/],
      [[small, '--out', out, '--judge-prompt', 'paper'], /give both, or neither/],
      [[small, '--out', out, '--judge', 'offline', '--budget', '1'], /--budget needs prices/],
    ];
    for (const [args, message] of refusals) {
      const { stderr, exitCode } = await runCommand(['recheck', ...args]);
      expect(stderr).toMatch(message);
      expect(exitCode).toBe(1);
    }
    expect((await recheck(small, out, ['--gate', 'strict'])).exitCode).toBe(0);
    const other = await recheck(small, out, ['--gate', 'paper']);
    expect(other.stderr).toMatch(/gate: "strict" -> "paper"\n.*give another --out/);
    const twin = await makeRun('twin', 'paper', 4);
    expect((await recheck(twin, out, ['--gate', 'strict'])).stderr).toMatch(
      /was rechecked from small, not from twin; give another --out/,
    );
  });
});
