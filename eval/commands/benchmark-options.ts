import type { Argv } from 'yargs';
import { z } from 'zod';
import { flagValue } from '../../core/command.ts';

/** The flags that both benchmarks have. */
export function benchmarkOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('endpoint', {
      type: 'string',
      demandOption: true,
      describe:
        "Endpoint of the checkpoint: an entry of the endpoints file, or `environment` for OPENAI_BASE_URL's",
    })
    .option('endpoints', { type: 'string', describe: 'File with the endpoints' })
    .option('out', {
      type: 'string',
      describe: 'Folder of the results; the same command goes on in it',
      defaultDescription: 'runs/BENCHMARK-ENDPOINT',
    })
    .option('name', {
      type: 'string',
      describe: 'What tables call the checkpoint',
      defaultDescription: 'the endpoint and its model',
    })
    .option('concurrency', {
      type: 'number',
      describe: 'Tasks at a time',
      defaultDescription: "the endpoint's first concurrency",
    })
    .option('temperature', {
      type: 'number',
      describe: "The checkpoint's temperature, over its endpoint's",
    })
    .option('retries', {
      type: 'number',
      default: 4,
      describe: 'How often a request that failed is sent again',
    })
    .option('patience', {
      type: 'number',
      default: 10,
      describe: 'Failed tasks in a row until the endpoint is given up',
    })
    .option('python', { type: 'string', describe: 'Python that has the harness' })
    .option('json', { type: 'boolean', default: false, describe: 'Print scores.json' });
}

/** @throws UsageError for a count below 1, a temperature that no server takes */
export function checkedCounts(flags: {
  limit: number | undefined;
  concurrency: number | undefined;
  temperature: number | undefined;
  retries: number;
  patience: number;
}) {
  const count = z.number().int().positive();
  const optional = (flag: string, schema: z.ZodNumber, value: number | undefined) =>
    value === undefined ? undefined : flagValue(flag, schema, value);
  return {
    limit: optional('limit', count, flags.limit),
    threads: optional('concurrency', count, flags.concurrency),
    temperature: optional('temperature', z.number().min(0).max(2), flags.temperature),
    retries: flagValue('retries', z.number().int().nonnegative(), flags.retries),
    patience: flagValue('patience', count, flags.patience),
  };
}
