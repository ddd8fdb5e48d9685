import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandEnded, startGemTraj } from './run-command.ts';

const LOOK_MS = 500;

/**
 * Starts `gem-traj serve` with these arguments, does something once it has written the endpoints file, and stops it.
 * @throws CommandEnded when it ends before
 */
export async function withServer(
  args: readonly string[],
  endpoints: string,
  use: () => Promise<void>,
): Promise<void> {
  // The entry of an earlier server is of no use.
  await rm(endpoints, { force: true });
  const server = startGemTraj(['serve', ...args, '--save', endpoints]);
  let isOver = false;
  const over = server.then(() => {
    isOver = true;
  });
  try {
    while (!existsSync(endpoints)) {
      if (isOver) throw new CommandEnded('gem-traj serve ended before it was up', false);
      await sleep(LOOK_MS);
    }
    await use();
  } finally {
    if (!isOver) server.kill('SIGINT');
    await over;
  }
}
