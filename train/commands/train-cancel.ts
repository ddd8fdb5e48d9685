import type { Argv } from 'yargs';
import { defineCommand } from '../../core/command.ts';
import { terminal } from '../../core/terminal.ts';
import { cancelTraining } from '../status.ts';

/** `gem-traj train cancel OUT`: ends a training; on this machine it saves before. */
export const trainCancelCommand = defineCommand({
  command: 'cancel <out>',
  describe: 'End a training; what was saved can be gone on with',
  builder: (yargs: Argv) =>
    yargs.positional('out', {
      type: 'string',
      demandOption: true,
      describe: 'Folder of the training',
    }),
  handler: async ({ out }) => terminal.print(await cancelTraining(out)),
});
