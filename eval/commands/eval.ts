import type { Argv } from 'yargs';
import { defineCommand } from '../../core/command.ts';
import { compareCommand } from './eval-compare.ts';

/** `gem-traj eval`: what measures rows, models and methods. */
export const evalCommand = defineCommand({
  command: 'eval <command>',
  describe: 'Compare runs',
  builder: (yargs: Argv) =>
    yargs.command(compareCommand).demandCommand(1, 'name a command of eval'),
  handler: async () => {},
});
