import type { Argv } from 'yargs';
import { defineCommand } from '../../core/command.ts';
import { ablateCommand } from './eval-ablate.ts';
import { bfclCommand } from './eval-bfcl.ts';
import { compareCommand } from './eval-compare.ts';
import { scoresCommand } from './eval-scores.ts';
import { tau2Command } from './eval-tau2.ts';

/** `gem-traj eval`: what measures rows, models and methods. */
export const evalCommand = defineCommand({
  command: 'eval <command>',
  describe: 'Compare runs; score models on BFCL and tau2',
  builder: (yargs: Argv) =>
    yargs
      .command(compareCommand)
      .command(ablateCommand)
      .command(bfclCommand)
      .command(tau2Command)
      .command(scoresCommand)
      .demandCommand(1, 'name a command of eval'),
  handler: async () => {},
});
