import type { Argv } from 'yargs';

/** The flags that say where something runs: the same for train and serve. */
export function placeOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('on', {
      choices: ['local', 'slurm'] as const,
      default: 'local' as const,
      describe: 'Where it runs',
    })
    .option('cluster', {
      type: 'string',
      describe: 'Cluster for --on slurm: a name in configs/clusters, or a file',
    });
}
