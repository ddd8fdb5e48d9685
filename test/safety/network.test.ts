import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { preload } from '../faults/preload.ts';
import { runCommand } from '../helpers/command.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { CORPUS, endpointsFile } from '../synth/commands/jobs.ts';

/**
 * Runs in the command's process and in Node processes that it starts: writes down every address that a socket is
 * connected to, every name that is looked up and every place that is listened at, and lets nothing leave this machine.
 */
const GUARD = `
  const { appendFileSync } = await import('node:fs');
  const { default: net } = await import('node:net');
  const { default: dns } = await import('node:dns');
  const { default: dgram } = await import('node:dgram');
  const { syncBuiltinESMExports } = await import('node:module');
  const told = (what) => appendFileSync(process.env.GUARD_LOG, what + '\\n');
  const optionsOf = (given) => {
    const first = Array.isArray(given[0]) ? given[0][0] : given[0];
    if (typeof first === 'object' && first !== null) return first;
    return typeof first === 'number' ? { port: first, host: typeof given[1] === 'string' ? given[1] : undefined } : { path: first };
  };
  const connect = net.Socket.prototype.connect;
  net.Socket.prototype.connect = function (...given) {
    const { path, host = 'localhost', port } = optionsOf(given);
    if (path === undefined || path === null) {
      told('connect ' + host + ':' + port);
      if (!/^(127\\.|localhost$|::1$)/.test(host)) throw new Error('guard: ' + host);
    }
    return connect.apply(this, given);
  };
  const listen = net.Server.prototype.listen;
  net.Server.prototype.listen = function (...given) {
    const { path, host = 'any', port } = optionsOf(given);
    if (path === undefined || path === null) told('listen ' + host);
    return listen.apply(this, given);
  };
  for (const of of [dns, dns.promises]) for (const name of Object.keys(of)) {
    if (!/^(lookup|resolve|reverse)/.test(name)) continue;
    const real = of[name];
    of[name] = function (asked, ...rest) {
      if (!/^[\\d.:]+$/.test(asked)) told('look up ' + asked);
      return real.call(this, asked, ...rest);
    };
  }
  dgram.Socket.prototype.send = () => { told('datagram'); };
  syncBuiltinESMExports();
`;

/** The command under the guard, and what the guard saw so far. */
async function guarded() {
  const folder = await temporaryFolder();
  const log = join(folder, 'guard.log');
  await writeFile(log, '');
  const run = async (...args: string[]) => {
    const env = { GUARD_LOG: log, NODE_OPTIONS: preload(GUARD) };
    const result = await runCommand(args, { cwd: folder, env, timeout: 200_000 });
    expect(result.exitCode, `${args.join(' ')}: ${result.stderr}`).toBe(0);
  };
  const seen = async () => [...new Set((await readFile(log, 'utf8')).split('\n').filter(Boolean))];
  return { folder, run, seen };
}

describe('every command', { timeout: 600_000 }, () => {
  it('talks to the endpoint that is named and to nothing else', async () => {
    const { folder, run, seen } = await guarded();
    const server = await taughtServer();
    await endpointsFile(folder, { mine: `{ base_url: "${server.url}", model: scripted }` });
    const input = ['--input', CORPUS, '--endpoint', 'mine'];
    await run('doctor', '--endpoint', 'mine');
    await run('estimate', ...input, '--sample', '2');
    await run('preview', ...input, '--limit', '1');
    await run('synth', ...input, '--run', 'r', '--limit', '4', '--repair', '1');
    const { host } = new URL(server.url);
    expect(await seen()).toEqual([`connect ${host}`]);
    expect(server.received).toBeGreaterThan(10);
  });

  it('that asks no model talks to nobody', async () => {
    const { run, seen } = await guarded();
    await run('synth', '--input', CORPUS, '--run', 'r', '--limit', '12', '--offline');
    // The offline teacher is a server on loopback, of the same process.
    for (const what of await seen())
      expect(what).toMatch(/^(listen 127\.0\.0\.1|connect 127\.0\.0\.1:\d+)$/);
    const before = await seen();
    await run('status', 'r');
    await run('report', 'r');
    await run('export', 'r', '--format', 'parquet');
    await run('check', 'runs/r/trajectories.jsonl', '--json');
    const dataset = ['--task', 'synthesizer', '--trainer', 'trl', '--decontaminate', 'bfcl'];
    await run('distill', '--run', 'r', '--out', 'data', '--allow-offline', ...dataset);
    expect(await seen()).toEqual(before);
  });
});
