import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Fault } from '../../helpers/batch-server.ts';
import { type RunningCommand, startCommand } from '../../helpers/command.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, endpointsFile, manifestOf } from '../commands/jobs.ts';
import { batchServer, journalKeys, rowsOf, runBatches } from './runs.ts';

/** Where the process is killed, one place after another: when the server has the request, or when it has done it too. */
const KILLS: { route: string; when: 'before' | 'after' }[] = [
  { route: 'POST /files', when: 'before' },
  { route: 'POST /files', when: 'after' },
  { route: 'POST /batches', when: 'before' },
  { route: 'POST /batches', when: 'after' },
  { route: 'GET /batches/ID', when: 'after' },
  { route: 'GET /files/ID/content', when: 'before' },
  { route: 'POST /batches', when: 'after' },
  { route: 'GET /files/ID/content', when: 'after' },
];

describe('SIGKILL', { timeout: 400_000 }, () => {
  it('while uploading, creating, polling or downloading: nothing is lost, no batch is made or paid twice', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'run');
    const left = [...KILLS];
    let command: RunningCommand | undefined;
    const fault = (route: string): Fault | undefined => {
      const [next] = left;
      if (next === undefined || next.route !== route) return undefined;
      left.shift();
      command?.kill('SIGKILL');
      return { kind: 'reset', when: next.when };
    };
    const server = await batchServer({ fault });
    const entry = `{ base_url: "${server.url}", model: scripted }`;
    const args = [
      ...['synth', '--mode', 'batch', '--input', CORPUS, '--limit', '6', '--run', run],
      ...['--endpoints', await endpointsFile(folder, { taught: entry }), '--endpoint', 'taught'],
      ...['--batch-poll', '0.02'],
    ];
    for (let starts = 0; starts <= KILLS.length; starts += 1) {
      command = startCommand(args, { timeout: 120_000 });
      const { signal, exitCode, stderr } = await command.finished;
      if (signal === null) expect(exitCode, stderr).toBe(0);
    }
    expect(left).toEqual([]);
    expect(await manifestOf(run)).toMatchObject({ state: 'finished', funnel: { passages: 6 } });
    expect(Math.max(...server.done.values())).toBe(1);
    const sent = server.batches.flatMap(({ lines }) => lines.map(({ custom_id }) => custom_id));
    expect(new Set(sent).size).toBe(sent.length);
    const keys = await journalKeys(run);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys.length).toBe(sent.length);
    const calm = await temporaryFolder();
    await runBatches(calm, await batchServer(), { config: { limit: 6 } });
    expect(await rowsOf(run)).toEqual(await rowsOf(calm));
  });

  it('while answers go into the journal: each is there once in the end', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'run');
    const server = await batchServer();
    const entry = `{ base_url: "${server.url}", model: scripted }`;
    const endpoints = await endpointsFile(folder, { taught: entry });
    const args = [
      ...['synth', '--mode', 'batch', '--input', CORPUS, '--limit', '30', '--run', run],
      ...['--endpoints', endpoints, '--endpoint', 'taught', '--batch-poll', '0.02'],
    ];
    let kills = 0;
    for (let lines = 10; kills < 3; lines += 22) {
      const command = startCommand(args, { timeout: 120_000 });
      let isOver = false;
      void command.finished.then(() => {
        isOver = true;
      });
      while (!isOver && (await journalKeys(run)).length < lines)
        await new Promise((resolve) => setTimeout(resolve, 5));
      command.kill('SIGKILL');
      if ((await command.finished).signal === null) break;
      kills += 1;
    }
    expect(kills).toBeGreaterThan(1);
    const { exitCode, stderr } = await startCommand(args, { timeout: 120_000 }).finished;
    expect(exitCode, stderr).toBe(0);
    const keys = await journalKeys(run);
    expect(new Set(keys).size).toBe(keys.length);
    expect(Math.max(...server.done.values())).toBe(1);
    expect(await manifestOf(run)).toMatchObject({ state: 'finished', funnel: { passages: 30 } });
  });
});
