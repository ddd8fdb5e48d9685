import { setTimeout as sleep } from 'node:timers/promises';
import type { Argv } from 'yargs';
import { defineCommand } from '../../core/command.ts';
import { terminal } from '../../core/terminal.ts';
import { type Standing, standingLines, trainStatus } from '../status.ts';

const EVERY_MS = 2_000;

/** `gem-traj train status OUT`: how a training stands, here or on a cluster. */
export const trainStatusCommand = defineCommand({
  command: 'status <out>',
  describe: 'Say how a training stands',
  builder: (yargs: Argv) =>
    yargs
      .positional('out', {
        type: 'string',
        demandOption: true,
        describe: 'Folder of the training',
      })
      .option('follow', {
        type: 'boolean',
        default: false,
        describe: 'Until it is over, a line a change',
      })
      .option('json', { type: 'boolean', default: false, describe: 'As JSON' }),
  handler: async ({ out, follow, json }) => {
    let shown = '';
    for (;;) {
      const standing = await trainStatus(out);
      const text = json ? JSON.stringify(standing) : standingLines(out, standing).join('\n');
      if (text !== shown) terminal.print(text);
      shown = text;
      if (!follow || standing.state !== 'running') return finish(standing);
      await sleep(EVERY_MS);
    }
  },
});

function finish({ state }: Standing): void {
  if (state === 'failed') process.exitCode = 1;
}
