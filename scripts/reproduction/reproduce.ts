import { resolve } from 'node:path';
import { execa } from 'execa';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeError, UsageError } from '../../core/errors.ts';
import { terminal } from '../../core/terminal.ts';
import { writeReproduction } from './write-reproduction.ts';

try {
  const flags = await yargs(hideBin(process.argv))
    .scriptName('scripts/reproduce-paper')
    .usage("$0: writes the paper's whole experiment as one script of commands; --toy runs it")
    .option('toy', {
      type: 'boolean',
      default: false,
      describe: 'The same steps for two cores, without key, GPU or cluster; run at once',
    })
    .option('out', {
      type: 'string',
      describe: 'Folder of the script and of all that it makes',
      defaultDescription: 'reproduction, with --toy reproduction-toy',
    })
    .option('cluster', {
      type: 'string',
      describe: "The cluster's file, or its name in configs/clusters; it is copied",
      defaultDescription: 'example, to be changed',
    })
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'With --toy: write the script, and do not run it',
    })
    .strict()
    .fail((message, error) => {
      throw error ?? new UsageError(`${message}; --help lists what there is`);
    })
    .parseAsync();
  const out = resolve(flags.out ?? (flags.toy ? 'reproduction-toy' : 'reproduction'));
  const { script, notes } = await writeReproduction(out, flags);
  for (const note of notes) terminal.print(note);
  if (flags.toy && !flags.dryRun) await run(script);
} catch (error) {
  terminal.note(`reproduce-paper: ${describeError(error)}`);
  process.exitCode = 1;
}

/** Ctrl-C reaches the script by itself; it ends its servers, and this waits for it. */
async function run(script: string): Promise<void> {
  process.on('SIGINT', () => {});
  const { exitCode, failed } = await execa('bash', [script], { stdio: 'inherit', reject: false });
  if (failed) process.exitCode = exitCode ?? 1;
}
