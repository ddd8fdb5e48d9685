import { writeFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeError } from '../core/errors.ts';
import { readBenchmark } from '../distill/decontaminate/benchmark.ts';
import { fingerprintOf } from '../distill/decontaminate/fingerprint.ts';

/** Hashes the fields of a benchmark into a file that --decontaminate reads, without the benchmark's words. */
async function makeHashes(): Promise<void> {
  const { input, out, ...source } = await yargs(hideBin(process.argv))
    .scriptName('make-benchmark-hashes')
    .option('input', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Files of fields, texts or tasks',
    })
    .option('out', { type: 'string', demandOption: true, describe: 'File to write, NAME.json.gz' })
    .option('name', {
      type: 'string',
      demandOption: true,
      describe: 'What the benchmark is called',
    })
    .option('source-version', { type: 'string', demandOption: true, describe: 'Release or commit' })
    .option('licence', { type: 'string', demandOption: true, describe: 'Licence of the fields' })
    .option('attribution', { type: 'string', demandOption: true, describe: 'Whose work it is' })
    .strict()
    .parseAsync();
  const { name, sourceVersion: version, licence, attribution } = source;
  const benchmark = await readBenchmark(input);
  const fingerprint = fingerprintOf(benchmark, { name, version, licence, attribution });
  const bytes = gzipSync(JSON.stringify(fingerprint), { level: 9 });
  await writeFile(out, bytes);
  const { items, tools, identifiers } = fingerprint;
  const ngrams = items.reduce((sum, item) => sum + item.ngrams, 0);
  process.stdout.write(
    `${out}: ${bytes.length} bytes; ${items.length} of ${benchmark.items.length} texts (${ngrams} 8-grams), ${tools.length} tools, ${identifiers.length} of ${benchmark.identifiers.length} identifiers\n`,
  );
}

await makeHashes().catch((error: unknown) => {
  process.stderr.write(`${describeError(error)}\n`);
  process.exitCode = 1;
});
