import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, flagValue } from '../../core/command.ts';
import { ServerKind } from '../../core/launch/servers/kinds.ts';
import { printServe, serve } from '../serve.ts';
import { planServe } from '../serve-plan.ts';
import { placeOptions } from './place-options.ts';

/** `gem-traj serve`: a model server, here or as a Slurm job, and the endpoint by which other commands reach it. */
export const serveCommand = defineCommand({
  command: 'serve <model>',
  describe:
    'Start a model server here or on a Slurm cluster, prove that it answers, and save its endpoint',
  builder: serveOptions,
  handler: async (flags) => {
    const positive = z.number().int().positive();
    const given = (flag: string, value: number | undefined) =>
      value === undefined ? undefined : flagValue(flag, positive, value);
    const port = flags.port === undefined ? undefined : flagValue('port', PORT, flags.port);
    const job = await planServe({
      ...flags,
      port,
      tensorParallel: given('tensor-parallel', flags.tensorParallel),
      maxModelLen: given('max-model-len', flags.maxModelLen),
      timeoutS: flagValue('timeout', z.number().positive(), flags.timeout),
    });
    if (flags.dryRun) printServe(job);
    else await serve(job);
  },
});

const PORT = z.number().int().min(0).max(65_535);

function serveOptions(yargs: Argv) {
  return placeOptions(whatToServe(yargs))
    .option('detach', {
      type: 'boolean',
      default: false,
      describe: 'Leave the Slurm job running once it answers',
    })
    .option('env', {
      type: 'string',
      describe: 'Python environment with the server: a name under .venvs, or a folder',
      defaultDescription: 'what is on PATH',
    })
    .option('name', {
      type: 'string',
      describe: "The endpoint's name",
      defaultDescription: "the model's",
    })
    .option('save', {
      type: 'string',
      describe: 'Endpoints file that gets the entry; other entries stay',
      defaultDescription: 'served/NAME.yaml',
    })
    .option('timeout', {
      type: 'number',
      default: 1800,
      describe: 'Seconds until it must be healthy',
    })
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'Print the command or the job script, and start nothing',
    });
}

function whatToServe(yargs: Argv) {
  return yargs
    .positional('model', {
      type: 'string',
      demandOption: true,
      describe: "Model's folder, .gguf file or hub name",
    })
    .option('with', { choices: ServerKind.options, demandOption: true, describe: 'The server' })
    .option('port', {
      type: 'number',
      describe: 'Its port; 0 takes a free one',
      defaultDescription: "the server's own, on Slurm a free one",
    })
    .option('host', {
      type: 'string',
      describe: 'Address it listens on',
      defaultDescription: '127.0.0.1, on Slurm 0.0.0.0',
    })
    .option('tensor-parallel', {
      type: 'number',
      describe: 'GPUs that share the model',
      defaultDescription: 'as many as its weights need',
    })
    .option('max-model-len', {
      type: 'number',
      describe: 'Tokens of prompt and answer',
      defaultDescription: 'what the model was made for',
    })
    .option('adapter', { type: 'string', describe: 'LoRA adapter to serve it with' })
    .option('server-arg', {
      type: 'string',
      array: true,
      default: [],
      describe: 'More for the server, --server-arg=--FLAG, as often as needed',
    });
}
