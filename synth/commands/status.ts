import { defineCommand } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { isLocked } from '../../core/run/lock.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { existingRun } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { accountLines, headline } from '../summary.ts';

/** `gem-traj status RUN`: how far a run came, whether it is under way, and what it cost. */
export const statusCommand = defineCommand({
  command: 'status <run>',
  describe: 'How far a run came and what it cost',
  builder: (yargs) =>
    yargs
      .positional('run', {
        type: 'string',
        demandOption: true,
        describe: 'Name or folder of the run',
      })
      .option('json', { type: 'boolean', default: false, describe: 'The manifest as JSON' }),
  handler: async ({ run, json }) => {
    const folder = await existingRun(run);
    const manifest = await readManifest(folder);
    if (manifest === undefined) throw new UsageError(`${folder} has no manifest.json`);
    const killed = manifest.state === 'running' && !(await isLocked(folder));
    if (json) {
      terminal.print(JSON.stringify({ ...manifest, killed }));
      return;
    }
    const lines = [
      headline(killed ? { ...manifest, state: 'killed' } : manifest),
      '',
      ...accountLines(manifest),
    ];
    for (const line of lines) terminal.print(line);
    if (killed)
      terminal.print(
        '\nIts process is gone: run the same command again and it goes on from its journal.',
      );
  },
});
