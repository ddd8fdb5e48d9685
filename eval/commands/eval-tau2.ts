import { z } from 'zod';
import { defineCommand, flagValue } from '../../core/command.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { namedEndpoint } from '../benchmarks/party.ts';
import { runTau2 } from '../benchmarks/tau2/run.ts';
import { endBenchmark } from './benchmark-end.ts';
import { benchmarkOptions, checkedCounts } from './benchmark-options.ts';

/** `gem-traj eval tau2 --endpoint NAME --user-endpoint NAME`: tau2-bench's own harness on a served checkpoint. */
export const tau2Command = defineCommand({
  command: 'tau2',
  describe: 'tau2-bench by its own harness, beside the paper',
  builder: (yargs) =>
    benchmarkOptions(yargs)
      .option('user-endpoint', {
        type: 'string',
        demandOption: true,
        describe: 'Endpoint that plays the user (GPT-4.1 in published scores)',
      })
      .option('domains', {
        type: 'string',
        default: 'airline,retail',
        describe: 'airline, retail, telecom; commas between them',
      })
      .option('trials', { type: 'number', default: 4, describe: 'Times that each task is tried' })
      .option('limit', { type: 'number', describe: 'Tasks of each domain' })
      .option('seed', { type: 'number', default: 300, describe: "The harness's seed" })
      .option('max-steps', { type: 'number', default: 200, describe: 'Steps of a dialogue' }),
  handler: async (flags) => {
    const count = z.number().int().positive();
    const { threads, ...counts } = checkedCounts(flags);
    const endpoint = await namedEndpoint('endpoint', flags.endpoint, flags.endpoints);
    const user = await namedEndpoint('user-endpoint', flags.userEndpoint, flags.endpoints);
    const out = flags.out ?? runFolder(`tau2-${flags.endpoint}`);
    const done = await runTau2({
      ...counts,
      // The harness's own 0 would make the trials nearly alike.
      temperature: counts.temperature ?? endpoint.sampling.temperature ?? TEMPERATURE,
      endpoint,
      user,
      out,
      domains: flags.domains.split(',').map((domain) => domain.trim()),
      trials: flagValue('trials', count, flags.trials),
      seed: flagValue('seed', z.number().int(), flags.seed),
      maxSteps: flagValue('max-steps', count, flags.maxSteps),
      threads: threads ?? endpoint.concurrency.first,
      python: flags.python,
      label: flags.name ?? `${endpoint.name} (${endpoint.model})`,
    });
    await endBenchmark(out, done, flags.json);
  },
});

const TEMPERATURE = 0.7;
