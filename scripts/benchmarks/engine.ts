// How fast and how small the engine is, as a whole process, beside a bare `openai` client in the same run; how it
// bears a server that admits fewer requests than it may send, and a SIGKILL. Ends with 1 when a run broke, not when
// it was slow. The engine's side is engine-job.ts, which keeps this contract:
//   engine-job.js URL ROWS CONCURRENCY FOLDER
//   asks each of ROWS questions of 2 KB once, first and highest concurrency as given, and appends every answer to
//   FOLDER/journal.jsonl, a line an answer; with a journal there it asks only what that does not have;
//   prints {"rows":N} at the end, N the rows that have an answer.
import { parseArgs } from 'node:util';
import { survivesKill } from './engine-kill.ts';
import { withLoopback } from './loopback.ts';
import { machine } from './machine.ts';
import { build, type Measurement, measure } from './measured-process.ts';
import { table } from './table.ts';

const USAGE = `usage: scripts/bench engine [options]
  --rows N       rows of each run (2000)
  --long         20,000 and 50,000 rows too
  --repeat N     runs of each, of which the median by wall time counts (1)
  --only NAME    bare or engine
  --admission    instead: a server that admits 64, a client that may send 256
  --kill         instead: SIGKILL at half of the rows, and again
`;
const LATENCY = 0.5;
const CONCURRENCIES = [64, 256];
const ADMITTED = 64;
const PROGRAMS = { bare: 'bare-pool', engine: 'engine-job' };
type Client = keyof typeof PROGRAMS;

interface Options {
  rows: number;
  repeat: number;
  clients: Client[];
}

const HEAD = [
  'client',
  'at a time',
  'rows',
  'wall s',
  'efficiency',
  'CPU ms a request',
  'peak MiB',
  'kept',
];

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '2000' },
    repeat: { type: 'string', default: '1' },
    only: { type: 'string' },
    long: { type: 'boolean', default: false },
    admission: { type: 'boolean', default: false },
    kill: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
} else {
  const clients = (['bare', 'engine'] as const).filter((name) => name === (values.only ?? name));
  const options = { rows: Number(values.rows), repeat: Number(values.repeat), clients };
  process.stdout.write(`${machine()}\n\n`);
  await build();
  if (values.admission) await admission(options);
  else if (values.kill) process.stdout.write(await survivesKill(options.rows, 256));
  else await speed(options, values.long ? [options.rows, 20_000, 50_000] : [options.rows]);
}

async function speed({ repeat, clients }: Options, sizes: readonly number[]): Promise<void> {
  for (const concurrency of CONCURRENCIES) {
    const lines: string[][] = [];
    for (const rows of sizes) {
      const both = await sideBySide(clients, repeat, (client) =>
        withLoopback([], ({ url }) => measure(PROGRAMS[client], [url, rows, concurrency])),
      );
      const ideal = (rows * LATENCY) / concurrency;
      for (const [client, one] of both) lines.push(line(client, concurrency, rows, ideal, one));
      lines.push(...ratio(both));
    }
    process.stdout.write(`${table(HEAD, lines)}\n`);
  }
}

/** Here the bare client retries twice, as it does by itself; the ideal is that of the rows that were kept. */
async function admission({ rows, repeat, clients }: Options): Promise<void> {
  const seconds = ((rows * LATENCY) / ADMITTED).toFixed(1);
  process.stdout.write(
    `server admits ${ADMITTED}, 429 with Retry-After: 1 above; ideal ${seconds} s\n`,
  );
  const admit = ['--admit', String(ADMITTED), '--retry-after', '1'];
  const both = await sideBySide(clients, repeat, (client) =>
    withLoopback(admit, async ({ url, stats }) => {
      const more = client === 'bare' ? ['2'] : [];
      const measured = await measure(PROGRAMS[client], [url, rows, 256], more);
      const { refused } = await stats();
      return { ...measured, refused };
    }),
  );
  const lines = [...both].map(([client, one]) => {
    const ideal = (one.kept * LATENCY) / ADMITTED;
    return [...line(client, 256, rows, ideal, one), String(one.refused)];
  });
  process.stdout.write(table([...HEAD, '429s'], lines));
}

/** Measures each client in turn, as often as asked, so that a busy spell of the machine hits both. */
async function sideBySide<T extends Measurement>(
  clients: readonly Client[],
  repeat: number,
  run: (client: Client) => Promise<T>,
): Promise<Map<Client, T>> {
  const measured = new Map<Client, T[]>(clients.map((client) => [client, []]));
  for (let round = 0; round < repeat; round += 1) {
    for (const [client, all] of measured) all.push(await run(client));
  }
  return new Map(clients.map((client) => [client, median(measured.get(client) ?? [])]));
}

function median<T extends Measurement>(all: T[]): T {
  const middle = all.sort((a, b) => a.wall - b.wall)[Math.floor(all.length / 2)];
  if (middle === undefined) throw new Error('--repeat wants a whole number above 0');
  return middle;
}

function line(
  client: Client,
  concurrency: number,
  rows: number,
  ideal: number,
  { wall, cpu, rss, kept }: Measurement,
): string[] {
  return [
    client,
    String(concurrency),
    String(rows),
    wall.toFixed(2),
    (ideal / wall).toFixed(3),
    ((cpu * 1000) / rows).toFixed(2),
    rss.toFixed(0),
    String(kept),
  ];
}

function ratio(both: Map<Client, Measurement>): string[][] {
  const { bare, engine } = Object.fromEntries(both);
  if (bare === undefined || engine === undefined) return [];
  const of = (key: 'wall' | 'cpu' | 'rss') => (engine[key] / bare[key]).toFixed(2);
  return [['engine / bare', '', '', of('wall'), '', of('cpu'), of('rss'), '']];
}
