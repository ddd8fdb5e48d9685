import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { trainLocally } from '../launch/local.ts';
import { submitTraining } from '../launch/slurm.ts';
import { planTraining } from '../plan-training.ts';
import { TrainerName } from '../recipe.ts';
import { printTraining, refuseProblems } from '../show-training.ts';
import { placeOptions } from './place-options.ts';
import { trainCancelCommand } from './train-cancel.ts';
import { trainStatusCommand } from './train-status.ts';

/** `gem-traj train`: a recipe and a dataset, trained by one of four trainers, here or as a Slurm job. */
export const trainCommand = defineCommand({
  command: 'train',
  describe: 'Train a model on a dataset, here or on a Slurm cluster',
  builder: (yargs: Argv) =>
    yargs.command(trainStatusCommand).command(trainCancelCommand).command({
      command: '$0',
      describe: 'Train a model on a dataset',
      builder: trainOptions,
      handler: train,
    }),
  handler: async () => {},
});

async function train(flags: FlagsOf<typeof trainOptions>): Promise<void> {
  const positive = z.number().int().positive();
  const given = (flag: string, value: number | undefined) =>
    value === undefined ? undefined : flagValue(flag, positive, value);
  const training = await planTraining({
    ...flags,
    nodes: given('nodes', flags.nodes),
    gpus: given('gpus', flags.gpus),
    after: flags.after.map(String),
  });
  printTraining(training, flags.dryRun);
  refuseProblems(training, flags.force);
  if (flags.dryRun) return;
  if (training.cluster === null) await trainLocally(training);
  else await submitTraining(training, training.cluster);
}

function trainOptions(yargs: Argv) {
  return placeOptions(whatToTrain(yargs))
    .option('nodes', { type: 'number', describe: 'Nodes', defaultDescription: "the recipe's" })
    .option('gpus', {
      type: 'number',
      describe: 'GPUs of each node; on a CPU, processes',
      defaultDescription: "the recipe's",
    })
    .option('after', {
      type: 'string',
      array: true,
      default: [],
      describe: 'Slurm jobs that must have ended well before it starts',
    })
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'Print what was found, the command and its files, and stop',
    })
    .option('resume', {
      type: 'boolean',
      default: false,
      describe: 'Go on with the training in --out, from its newest whole checkpoint',
    })
    .option('force', {
      type: 'boolean',
      default: false,
      describe: 'Train although something speaks against it',
    })
    .option('json', { type: 'boolean', default: false, describe: 'Progress as JSON lines' });
}

function whatToTrain(yargs: Argv) {
  return yargs
    .option('recipe', {
      type: 'string',
      demandOption: true,
      describe: 'Recipe: a name in configs/recipes, or a file',
    })
    .option('data', {
      type: 'string',
      demandOption: true,
      describe: 'Dataset: a folder that gem-traj distill made',
    })
    .option('out', {
      type: 'string',
      demandOption: true,
      describe: 'Folder of the training: settings, log, losses, checkpoints',
    })
    .option('trainer', {
      choices: TrainerName.options,
      describe: 'The trainer',
      defaultDescription: "the recipe's",
    })
    .option('set', {
      type: 'string',
      array: true,
      default: [],
      describe: 'KEY=VALUE, over the recipe; keys with dots, values in YAML, null to take one away',
    });
}
