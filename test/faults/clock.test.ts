import { join } from 'node:path';
import { expect, it } from 'vitest';
import { startCommand } from '../helpers/command.ts';
import { tooManyRequests } from '../helpers/model-actions.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { CORPUS, manifestOf } from '../synth/commands/jobs.ts';
import { preload } from './preload.ts';

/** From SIGUSR2 on, dates tell a time so many hours away. */
const jump = (hours: number): string => `
  let shift = 0;
  const real = Date.now;
  globalThis.Date = class extends Date {
    constructor(...given) {
      super(...(given.length === 0 ? [real() + shift] : given));
    }
    static now() {
      return real() + shift;
    }
  };
  process.on('SIGUSR2', () => { shift = ${hours} * 3_600_000; });
`;

it.each([26, -26])(
  'a clock set by %i hours during a run changes no wait, no lock and no figure',
  { timeout: 300_000 },
  async (hours) => {
    const run = join(await temporaryFolder(), 'run');
    // Every fifth answer is a 429 with a wait, twice in a row, so that the server is left alone for a while.
    const server = await taughtServer(
      (script) => (request) => (request.number % 10 < 2 ? tooManyRequests(1) : script(request)),
      120,
    );
    const args = ['synth', '--input', CORPUS, '--run', run, '--limit', '16', '--json'];
    const env = { OPENAI_BASE_URL: server.url, NODE_OPTIONS: preload(jump(hours)) };
    const command = startCommand(args, { env, timeout: 240_000 });
    await expect.poll(() => server.received, { timeout: 150_000 }).toBeGreaterThan(20);
    command.kill('SIGUSR2');
    const { exitCode, stdout, stderr } = await command.finished;
    expect(exitCode, stderr).toBe(0);
    const records = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line))
      .filter(({ kind }) => kind !== 'result');
    expect(records.length).toBeGreaterThan(2);
    for (const { seconds, eta_seconds } of records) {
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThan(3600);
      expect(eta_seconds ?? 0).toBeLessThan(3600);
    }
    const { seconds, updated_at, started_at, funnel } = await manifestOf(run);
    expect(funnel.passages).toBe(16);
    expect(seconds).toBeGreaterThan(0);
    expect(seconds).toBeLessThan(3600);
    // The clock did jump while the run was under way.
    const told = (Date.parse(updated_at) - Date.parse(started_at)) / 3_600_000;
    expect(Math.round(told)).toBe(hours);
  },
);
