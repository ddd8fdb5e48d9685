import { join } from 'node:path';
import { execa } from 'execa';
import { z } from 'zod';

const PROGRAM = join(import.meta.dirname, '..', '..', 'test', 'helpers', 'loopback-server.mjs');

/** The server's counters; it explains them. */
const LoopbackStats = z.object({
  requests: z.number(),
  answered: z.number(),
  refused: z.number(),
  cut: z.number(),
  in_flight: z.number(),
  highest_in_flight: z.number(),
  distinct: z.number(),
  repeated: z.number(),
  repeated_answered: z.number(),
});
export type LoopbackStats = z.infer<typeof LoopbackStats>;

/** The loopback server, in a process of its own. */
export interface Loopback {
  /** Ends in /v1. */
  url: string;
  stats(): Promise<LoopbackStats>;
  close(): Promise<void>;
}

/** @param options of test/helpers/loopback-server.mjs */
export async function startLoopback(options: readonly string[]): Promise<Loopback> {
  const child = execa(process.execPath, [PROGRAM, ...options], { buffer: false, reject: false });
  const port = await firstLine(child.iterable());
  const origin = `http://127.0.0.1:${port}`;
  return {
    url: `${origin}/v1`,
    stats: async () => LoopbackStats.parse(await (await fetch(`${origin}/stats`)).json()),
    close: async () => {
      child.kill();
      await child;
    },
  };
}

async function firstLine(lines: AsyncIterableIterator<unknown>): Promise<number> {
  const { value } = await lines.next();
  return z.object({ port: z.number() }).parse(JSON.parse(String(value))).port;
}

/** Runs something against a server of its own. */
export async function withLoopback<T>(
  options: readonly string[],
  run: (server: Loopback) => Promise<T>,
): Promise<T> {
  const server = await startLoopback(options);
  try {
    return await run(server);
  } finally {
    await server.close();
  }
}
