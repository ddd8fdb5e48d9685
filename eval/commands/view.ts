import { once } from 'node:events';
import { z } from 'zod';
import { defineCommand, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { ROW_FORMATS } from '../../core/formats/read-row.ts';
import { terminal } from '../../core/terminal.ts';
import { startViewer } from '../viewer/viewer.ts';

/** `gem-traj view RUN|FILE...`: a local page to read trajectories, until Ctrl-C. */
export const viewCommand = defineCommand({
  command: 'view <names..>',
  describe: 'Read trajectories in a local page: filters, findings, groundings, marks of your own',
  builder: (yargs) =>
    yargs
      .positional('names', {
        type: 'string',
        array: true,
        demandOption: true,
        describe: 'Runs (names or folders) and files; several stand side by side',
      })
      .option('port', {
        type: 'number',
        default: 0,
        describe: 'Port on 127.0.0.1; 0 takes a free one',
      })
      .option('format', {
        choices: ['auto', ...ROW_FORMATS] as const,
        default: 'auto' as const,
        describe: 'What the files are written in',
      }),
  handler: async ({ names, port: given, format }) => {
    const port = flagValue('port', z.number().int().min(0).max(65_535), given);
    if (names.length > MOST_SOURCES)
      throw new UsageError(
        `${names.length} runs and files: at most ${MOST_SOURCES} are viewed at once`,
      );
    const viewer = await startViewer(names, { port, format });
    terminal.print(`${viewer.url}`);
    terminal.note('open this address in a browser on this machine; Ctrl-C ends the viewer');
    const ended = signalled();
    await Promise.race([ended, viewer.indexed]);
    for (const { source, indexer } of viewer.catalogue.sources)
      if (indexer.progress.problem !== null)
        terminal.note(`${source.given}: ${indexer.progress.problem}`);
    await ended;
    await viewer.close();
  },
});

const MOST_SOURCES = 8;

function signalled(): Promise<unknown> {
  return Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
}
