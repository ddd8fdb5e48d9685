#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeError, UsageError } from '../core/errors.ts';
import { packageVersion } from '../core/package-root.ts';
import { offlineTeacherCommand } from '../synth/commands/offline-teacher.ts';
import { synthCommand } from '../synth/commands/synth.ts';

const parser = yargs(hideBin(process.argv))
  .scriptName('gem-traj')
  .version(packageVersion())
  .command(synthCommand(async () => []))
  .command(offlineTeacherCommand)
  .demandCommand(1, 'name a command')
  .recommendCommands()
  .strict()
  .wrap(Math.min(110, process.stdout.columns ?? 100))
  .fail((message, error, usage) => {
    if (error) throw error;
    throw new UsageError(`${message}\n\`gem-traj ${usage.parsed === false ? '' : `${usage.parsed.argv._[0] ?? ''} `}--help\` lists what there is`);
  });

try {
  await parser.parseAsync();
} catch (error) {
  process.stderr.write(`gem-traj: ${describeError(error)}\n`);
  process.exitCode = 1;
}
