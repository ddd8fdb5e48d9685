import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Rejection, Trajectory } from '../../../core/trajectory.ts';
import { runCommand } from '../../helpers/command.ts';
import { answer } from '../../helpers/model-actions.ts';
import type { Script } from '../../helpers/model-server.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { endpointsFile, linesOf, manifestOf, synth } from '../commands/jobs.ts';

const OFFLINE = ['--offline', '--defect-rate', '0.3'];

async function rowsOf(run: string) {
  return {
    accepted: (await linesOf(run, 'trajectories.jsonl')).map((row) => Trajectory.parse(row)),
    rejected: (await linesOf(run, 'rejected.jsonl')).map((row) => Rejection.parse(row)),
  };
}

/** The offline teacher, but for the answers to one task. */
function unreadable(task: string): (script: Script) => Script {
  return (script) => (request) => {
    const asked = request.body.messages.some(({ content }) => content.startsWith(`Task: ${task}`));
    return asked ? answer('I would rather not say.') : script(request);
  };
}

/** A run of some passages on a server that answers a task unreadably. */
async function runWithUnreadable(task: string) {
  const folder = await temporaryFolder();
  const { url } = await taughtServer(unreadable(task), 0, 0.3);
  const file = await endpointsFile(folder, { taught: `{ base_url: "${url}", model: scripted }` });
  const run = join(folder, 'run');
  const flags = ['--endpoints', file, '--endpoint', 'taught', '--limit', '30'];
  const { exitCode, stdout } = await synth(run, flags);
  expect(exitCode).toBe(0);
  return { ...(await rowsOf(run)), funnel: (await manifestOf(run)).funnel, printed: stdout };
}

describe('mending', { timeout: 120_000 }, () => {
  it('saves most of what is turned down, keeps what stood before, and leaves the pair in the row', async () => {
    const folder = await temporaryFolder();
    const [never, once] = [join(folder, 'never'), join(folder, 'once')];
    await Promise.all([synth(never, [...OFFLINE, '--repair', '0']), synth(once, OFFLINE)]);
    const [before, after] = [await rowsOf(never), await rowsOf(once)];
    const broken = new Map(before.rejected.map((row) => [row.source.id, row]));
    const mended = after.accepted.filter(({ repair }) => repair !== null);

    expect(before.rejected.length).toBeGreaterThan(10);
    expect(mended.length / before.rejected.length).toBeGreaterThan(0.7);
    expect(after.accepted).toHaveLength(before.accepted.length + mended.length);
    for (const { source, messages, repair } of mended) {
      const [round] = repair ?? [];
      const old = broken.get(source.id);
      if (round === undefined || old === undefined) throw new Error(`${source.id} was not broken`);
      expect(round).toMatchObject({ rejected_by: old.rejected_by, reason: old.reason });
      expect([...messages.slice(0, round.fault_index), ...round.messages]).toEqual(old.messages);
    }

    const exported = await runCommand(['export', once, '--format', 'preference']);
    const pairs = await linesOf(once, 'exports/trajectories.preference.jsonl');
    expect(exported.stdout).toContain(`${pairs.length} pairs`);
    const leftOut = /(\d+) left out/.exec(exported.stdout)?.[1] ?? '0';
    expect(pairs.length + Number(leftOut)).toBe(mended.length);
    for (const { prompt, chosen, rejected } of pairs) {
      expect(['user', 'tool']).toContain(prompt.at(-1).role);
      expect([chosen[0].role, rejected[0].role]).toEqual(['assistant', 'assistant']);
      expect(chosen).not.toEqual(rejected);
    }

    const { funnel, bills } = await manifestOf(once);
    expect(funnel).toMatchObject({ repair_tried: before.rejected.length, repaired: mended.length });
    expect(bills.find(({ stage }) => stage === 'repair')?.bill.requests).toBeGreaterThan(10);
    const trace = await runCommand(['trace', once, mended[0]?.id ?? '']);
    expect(trace.stdout).toContain('repair: asked offline');
    expect(trace.stdout).toContain('a version turned down by');
  });

  it('that cannot be read leaves the rejection as it was, and says so', async () => {
    const { rejected, funnel } = await runWithUnreadable('repair');
    expect(rejected.length).toBeGreaterThan(2);
    for (const { reason, repair } of rejected) {
      expect(reason).toMatch(/.; not mended: no readable answer in 3 tries/);
      expect(repair).toBeNull();
    }
    expect(funnel).toMatchObject({ repair_tried: rejected.length, repaired: 0 });
  });
});

describe('a verdict that cannot be read', { timeout: 120_000 }, () => {
  it('is asked for again, then the candidate is unscored: never accepted, never mended, and counted', async () => {
    const { accepted, rejected, funnel, printed } = await runWithUnreadable('judge');
    const judged = rejected.filter((row) => row.rejected_by === 'judge');
    expect(accepted).toEqual([]);
    expect(judged.length).toBeGreaterThan(10);
    for (const { reason, judge, provenance } of judged) {
      expect(reason).toMatch(/^unscored: no readable answer in 3 tries/);
      expect(judge).toBeNull();
      expect(provenance.stages.at(-1)).toMatchObject({ stage: 'judge' });
      expect(provenance.stages.at(-1)?.request_hashes).toHaveLength(3);
    }
    expect(funnel).toMatchObject({ unscored: judged.length, rejected_judge: judged.length });
    expect(printed).toMatch(new RegExp(`unscored\\)\\s+${judged.length}\\n`));
  });
});

describe('the judge', { timeout: 60_000 }, () => {
  it.each([
    ['findings', true],
    ['paper', false],
  ])('asked with --judge %s is shown what the checks found: %s', async (prompt, shown) => {
    const folder = await temporaryFolder();
    const server = await taughtServer();
    const env = { OPENAI_BASE_URL: server.url };
    await synth(join(folder, 'run'), ['--limit', '5', '--judge', prompt], { env });
    const asked = server.requests.flatMap(({ body }) =>
      body.messages.map(({ content }) => content),
    );
    const judged = asked.filter((content) => content.startsWith('Task: judge'));
    expect(judged.length).toBeGreaterThan(1);
    for (const content of judged) expect(/<findings>\n.+\n<\/findings>/s.test(content)).toBe(shown);
  });
});
