import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { type Loopback, type LoopbackStats, withLoopback } from './loopback.ts';
import { commandOf, keptOf } from './measured-process.ts';

/**
 * Kills engine-job when half of its rows are answered, runs it again in the same folder, and tells what the server
 * was asked twice.
 */
export async function survivesKill(rows: number, concurrency: number): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-'));
  try {
    return await withLoopback(['--hash'], async (server) => {
      const argv = commandOf('engine-job', [server.url, rows, concurrency, folder]);
      await killAtHalf(argv, server, rows);
      const before = await whenQuiet(server);
      const journaled = await wholeLines(join(folder, 'journal.jsonl'));
      const { stdout } = await execa(process.execPath, argv);
      return report(rows, keptOf(stdout), journaled, before, await server.stats());
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function killAtHalf(argv: readonly string[], server: Loopback, rows: number): Promise<void> {
  const child = execa(process.execPath, argv, { reject: false });
  let ended = false;
  const end = child.finally(() => {
    ended = true;
  });
  while (!ended && (await server.stats()).answered < rows / 2) await sleep(20);
  child.kill('SIGKILL');
  const { signal, stderr } = await end;
  if (signal !== 'SIGKILL') throw new Error(`engine-job ended before half of its rows: ${stderr}`);
}

/** The counters once the server has noticed that its client is gone. */
async function whenQuiet(server: Loopback): Promise<LoopbackStats> {
  for (;;) {
    const stats = await server.stats();
    if (stats.in_flight === 0) return stats;
    await sleep(20);
  }
}

async function wholeLines(path: string): Promise<number> {
  return (await readFile(path, 'utf8')).split('\n').length - 1;
}

function report(
  rows: number,
  kept: number,
  journaled: number,
  before: LoopbackStats,
  after: LoopbackStats,
): string {
  const sent = after.requests - before.requests;
  const onTheWay = before.requests - journaled;
  return `SIGKILL with ${before.answered} of ${rows} rows answered and ${journaled} in the journal
in flight at the kill: ${onTheWay} (${before.cut} unanswered, ${onTheWay - before.cut} with the answer on its way)
started again: ${sent} requests, ${after.repeated} of them sent before; kept ${kept}
in the journal and sent again: ${Math.max(0, sent - (rows - journaled))}
`;
}
