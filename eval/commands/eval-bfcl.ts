import { defineCommand } from '../../core/command.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { runBfcl } from '../benchmarks/bfcl/run.ts';
import { BfclVersion, expandCategories } from '../benchmarks/bfcl/versions.ts';
import { namedEndpoint } from '../benchmarks/party.ts';
import { endBenchmark } from './benchmark-end.ts';
import { benchmarkOptions, checkedCounts } from './benchmark-options.ts';

/** `gem-traj eval bfcl --endpoint NAME`: BFCL's own harness on a served checkpoint. */
export const bfclCommand = defineCommand({
  command: 'bfcl',
  describe: 'BFCL by its own harness, beside the paper',
  builder: (yargs) =>
    benchmarkOptions(yargs)
      .option('bfcl-version', {
        choices: BfclVersion.options,
        default: '2025.6.16' as const,
        describe:
          'Release of bfcl-eval: 2025.6.16 is the last with V3 data, as in the paper; 2026.3.23 has V4 data. Their scores do not compare',
      })
      .option('categories', {
        type: 'string',
        array: true,
        default: ['multi_turn'],
        describe: "The harness's categories; multi_turn stands for its four",
      })
      .option('limit', { type: 'number', describe: 'Entries of each category' }),
  handler: async (flags) => {
    const { threads, ...counts } = checkedCounts(flags);
    const endpoint = await namedEndpoint('endpoint', flags.endpoint, flags.endpoints);
    const out = flags.out ?? runFolder(`bfcl-${flags.bfclVersion}-${flags.endpoint}`);
    const done = await runBfcl({
      ...counts,
      endpoint,
      out,
      version: flags.bfclVersion,
      categories: expandCategories(flags.categories.flatMap((given) => given.split(','))),
      threads: threads ?? endpoint.concurrency.first,
      python: flags.python,
      label: flags.name ?? `${endpoint.name} (${endpoint.model})`,
    });
    await endBenchmark(out, done, flags.json);
  },
});
