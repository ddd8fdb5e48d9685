// The same job, one chat call a row, through gem-traj and the tools beside it: speed and cost of a whole process, rows
// lost where a server admits fewer requests than are sent, requests sent again after a SIGKILL.
import { loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { machine } from './machine.ts';
import { build } from './measured-process.ts';
import { PEERS, type Peer } from './peers-clients.ts';
import { killPeer, measurePeer } from './peers-run.ts';
import { table } from './table.ts';

const USAGE = `usage: scripts/bench peers [options]
  --rows N               rows of the job (2000)
  --concurrency N,N,...  requests at a time (256,64)
  --only NAME            ${PEERS.map(({ name }) => name).join(', ')}; may be given more than once
  --part PART            speed, admission or kill; may be given more than once (all)
`;
const LATENCY = 0.5;
const ADMITTED = 64;
const PARTS = { speed, admission, kill };

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000' },
    concurrency: { type: 'string', default: '256,64' },
    only: { type: 'string', multiple: true, default: [] },
    part: { type: 'string', multiple: true, default: [] },
    help: { type: 'boolean', default: false },
  },
});
const rows = Number(values.rows);
const concurrencies = values.concurrency.split(',').map(Number);
if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const wanted = (names: readonly string[], name: string) =>
    names.length === 0 || names.includes(name);
  const peers = PEERS.filter(({ name }) => wanted(values.only, name));
  if (peers.length === 0) throw new Error(`--only ${values.only}: no such peer\n${USAGE}`);
  await build();
  for (const peer of peers) await peer.prepare();
  const titles = await Promise.all(peers.map((peer) => peer.title()));
  const load = loadavg()[0]?.toFixed(0);
  process.stdout.write(`${machine()}, load ${load}\n${titles.join(', ')}\n\n`);
  for (const [name, part] of Object.entries(PARTS))
    if (wanted(values.part, name)) process.stdout.write(`${await part(peers)}\n`);
}

async function speed(peers: readonly Peer[]): Promise<string> {
  const head = ['wall s', 'efficiency', 'CPU ms a request', 'peak MiB', 'first request s', 'kept'];
  let text = '';
  for (const concurrency of concurrencies) {
    const ideal = (rows * LATENCY) / concurrency;
    const lines = await each(peers, head.length, async (peer) => {
      const { wall, cpu, rss, firstRequest, kept } = await measurePeer(peer, rows, concurrency);
      return [
        wall.toFixed(1),
        (ideal / wall).toFixed(2),
        ((1000 * cpu) / rows).toFixed(1),
        rss.toFixed(0),
        firstRequest.toFixed(1),
        String(kept),
      ];
    });
    const title = `${concurrency} at a time, ${rows} rows, ideal ${ideal.toFixed(1)} s`;
    text += `${title}\n${table(['peer', ...head], lines)}\n`;
  }
  return text;
}

async function admission(peers: readonly Peer[]): Promise<string> {
  const concurrency = Math.max(...concurrencies);
  const options = ['--admit', String(ADMITTED), '--retry-after', '1'];
  const head = ['wall s', '429s', 'kept', 'lost'];
  const lines = await each(peers, head.length, async (peer) => {
    const { wall, kept, stats } = await measurePeer(peer, rows, concurrency, options);
    return [wall.toFixed(1), String(stats.refused), String(kept), String(rows - kept)];
  });
  const title = `${concurrency} at a time, ${ADMITTED} admitted (429, Retry-After: 1), ideal ${((rows * LATENCY) / ADMITTED).toFixed(1)} s`;
  return `${title}\n${table(['peer', ...head], lines)}`;
}

async function kill(peers: readonly Peer[]): Promise<string> {
  const concurrency = Math.max(...concurrencies);
  const head = ['sent again', 'answered before', 'kept'];
  const lines = await each(peers, head.length, async (peer) => {
    const { again, answered, kept } = await killPeer(peer, rows, concurrency);
    return [again, answered, kept].map(String);
  });
  return `SIGKILL when half of ${rows} rows are answered, ${concurrency} at a time, and again\n${table(['peer', ...head], lines)}`;
}

/** A line a peer, in turn; one that fails says so instead, and the others go on. */
async function each(
  peers: readonly Peer[],
  columns: number,
  measure: (peer: Peer) => Promise<string[]>,
): Promise<string[][]> {
  const lines: string[][] = [];
  for (const peer of peers) {
    const cells = await measure(peer).catch((error: unknown) => {
      process.stderr.write(`${peer.name}: ${String(error)}\n`);
      return Array.from({ length: columns }, () => 'failed');
    });
    process.stderr.write(`${peer.name}: ${cells.join('  ')}\n`);
    lines.push([peer.name, ...cells]);
  }
  return lines;
}
