import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JournalReader } from '../../../core/llm/journal.ts';
import { runCommand, startCommand } from '../../helpers/command.ts';
import type { ModelServer, Script } from '../../helpers/model-server.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, endpointsFile, idsOf, manifestOf, synth } from './jobs.ts';

const asked = ({ requests }: ModelServer, from = 0): string[] =>
  requests.slice(from).map(({ body }) => JSON.stringify(body.messages));

/** Answers so many requests at once and the others when it is opened. */
function gateAfter(requests: number) {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  const close =
    (script: Script): Script =>
    async (request) => {
      if (request.number > requests) await opened;
      return script(request);
    };
  return { close, open: () => open() };
}

/** What a journal's answers cost. */
async function paid(run: string): Promise<number> {
  let usd = 0;
  const journal = await JournalReader.open(join(run, 'journal.jsonl'), undefined, (line) => {
    if ('key' in line && !line.reused) usd += line.cost_usd;
  });
  await journal.close();
  return usd;
}

describe('a run that is stopped', { timeout: 180_000 }, () => {
  it('by Ctrl-C keeps what was on its way, keeps others out until then, and is gone on with', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'run');
    const gate = gateAfter(20);
    const server = await taughtServer(gate.close);
    const env = { OPENAI_BASE_URL: server.url };
    const args = ['synth', '--input', CORPUS, '--run', run, '--limit', '30'];
    const first = startCommand(args, { env });
    await expect.poll(() => server.received, { timeout: 30_000 }).toBeGreaterThan(20);
    const inFlight = server.inFlight;

    const second = await runCommand(args, { env });
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toMatch(
      new RegExp(`is in use by process ${first.pid} on .* since .*wait for it`),
    );
    first.kill('SIGINT');
    await expect.poll(() => first.output().stderr).toContain('waiting for the answers');
    expect(server.inFlight).toBeGreaterThanOrEqual(inFlight);
    gate.open();
    const stopped = await first.finished;
    expect(stopped.exitCode).toBe(130);
    expect(stopped.stdout).toContain('run: stopped (interrupted);');
    expect(stopped.stdout).toMatch(/Run the same command again and it goes on\.\n$/);
    expect(server.cut).toBe(0);
    expect((await manifestOf(run)).total.requests).toBe(server.received);
    const status = await runCommand(['status', run]);
    expect(status.stdout).toMatch(/^run: stopped \(interrupted\); \d+ accepted/);

    const before = new Set(asked(server));
    const from = server.received;
    expect(await synth(run, ['--limit', '30'], { env })).toMatchObject({ exitCode: 0 });
    expect(asked(server, from).filter((request) => before.has(request))).toEqual([]);
    expect((await manifestOf(run)).funnel.passages).toBe(30);
  });

  it('by a second signal gives the requests in flight up', async () => {
    const run = join(await temporaryFolder(), 'run');
    const server = await taughtServer(() => () => ({ kind: 'hang' }));
    const args = ['synth', '--input', CORPUS, '--run', run];
    const command = startCommand(args, { env: { OPENAI_BASE_URL: server.url } });
    await expect.poll(() => server.inFlight, { timeout: 30_000 }).toBeGreaterThan(0);
    command.kill('SIGTERM');
    await expect.poll(() => command.output().stderr).toContain('again to give them up');
    command.kill('SIGINT');
    const { exitCode, stderr } = await command.finished;
    expect(exitCode).toBe(130);
    expect(stderr).toContain('ending the requests in flight');
    await expect.poll(() => server.inFlight).toBe(0);
    expect(await manifestOf(run)).toMatchObject({ state: 'stopped', message: 'interrupted' });
  });

  it('by kill -9 shows as killed', async () => {
    const run = join(await temporaryFolder(), 'run');
    const server = await taughtServer(gateAfter(10).close);
    const args = ['synth', '--input', CORPUS, '--run', run];
    const command = startCommand(args, { env: { OPENAI_BASE_URL: server.url } });
    await expect.poll(() => server.received, { timeout: 30_000 }).toBeGreaterThan(10);
    const running = await runCommand(['status', run, '--json']);
    expect(JSON.parse(running.stdout)).toMatchObject({ state: 'running', killed: false });
    command.kill('SIGKILL');
    await command.finished;
    const status = await runCommand(['status', run]);
    expect(status.stdout).toMatch(/^run: killed; /);
    expect(status.stdout).toContain('run the same command again and it goes on');
    const json = await runCommand(['status', run, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({ state: 'running', killed: true });
  });
});

describe('a budget', { timeout: 180_000 }, () => {
  it('needs prices, and is never passed, kills and restarts included', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'run');
    const server = await taughtServer(undefined, 20);
    const prices = 'prices: { input: 1, output: 10 }, concurrency: { first: 2, highest: 2 }';
    const file = await endpointsFile(folder, {
      free: `{ base_url: "${server.url}", model: m }`,
      priced: `{ base_url: "${server.url}", model: m, ${prices} }`,
    });
    const flags = (budget: string) => [
      '--endpoints',
      file,
      '--endpoint',
      'priced',
      '--budget',
      budget,
    ];
    const refused = await synth(run, ['--endpoints', file, '--endpoint', 'free', '--budget', '1']);
    expect(refused.stderr).toContain('--budget needs prices: endpoint free has none');

    const args = ['synth', '--input', CORPUS, '--run', run, ...flags('0.6')];
    const killed = startCommand(args);
    await expect.poll(() => server.received, { timeout: 30_000 }).toBeGreaterThan(8);
    killed.kill('SIGKILL');
    await killed.finished;
    const stopped = await runCommand(args, { timeout: 120_000 });
    expect(stopped.stdout).toMatch(/stopped \(the budget is spent; \d\.\d{4} of the 0\.6 USD/);
    expect(stopped.stdout).toContain('With a higher --budget the same command goes on.');
    const manifest = await manifestOf(run);
    expect(manifest.total.cost_usd + manifest.unaccounted_usd).toBeLessThanOrEqual(0.6);
    expect(manifest.total.cost_usd).toBeCloseTo(await paid(run), 9);

    const more = await synth(run, [...flags('50'), '--limit', '12']);
    expect(more.exitCode, more.stderr).toBe(0);
    expect((await manifestOf(run)).state).toBe('finished');
    expect((await idsOf(run)).length).toBe((await manifestOf(run)).funnel.accepted);
  });
});
