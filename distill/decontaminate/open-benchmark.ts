import { existsSync, readdirSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { errorMessage, UsageError } from '../../core/errors.ts';
import { packageRoot } from '../../core/package-root.ts';
import { type Benchmark, readBenchmark } from './benchmark.ts';
import { BenchmarkFingerprint, fingerprintOf } from './fingerprint.ts';

/** A benchmark to hold rows against; `texts` are there where it came from a file with words in it. */
export interface OpenedBenchmark {
  name: string;
  fingerprint: BenchmarkFingerprint;
  texts: Benchmark['items'] | null;
}

const ENDING = '.json.gz';

/**
 * Opens what --decontaminate names: a shipped benchmark (`bfcl`, `tau2`), a file of hashes that
 * scripts/make-benchmark-hashes.ts made (.json.gz), or a benchmark's own file, see readBenchmark.
 * @throws UsageError for what is none of these
 */
export async function openBenchmark(name: string): Promise<OpenedBenchmark> {
  const shipped = shippedBenchmarks();
  if (shipped.includes(name)) {
    const fingerprint = await readFingerprint(join(shippedFolder(), `${name}${ENDING}`));
    return { name, fingerprint, texts: null };
  }
  if (!existsSync(name)) {
    throw new UsageError(
      `there is no benchmark ${JSON.stringify(name)}; give ${shipped.join(', ')}, or a file of a benchmark's texts or of its hashes`,
    );
  }
  if (name.endsWith(ENDING)) return { name, fingerprint: await readFingerprint(name), texts: null };
  const benchmark = await readBenchmark([name]);
  const source = { name: basename(name), version: '', licence: '', attribution: '' };
  return { name, fingerprint: fingerprintOf(benchmark, source), texts: benchmark.items };
}

/** The names of the benchmarks that come with the package. */
function shippedBenchmarks(): string[] {
  const files = readdirSync(shippedFolder()).filter((file) => file.endsWith(ENDING));
  return files.map((file) => file.slice(0, -ENDING.length)).sort();
}

function shippedFolder(): string {
  return join(packageRoot(), 'configs', 'benchmarks');
}

async function readFingerprint(path: string): Promise<BenchmarkFingerprint> {
  const bytes = await readFile(path);
  try {
    return BenchmarkFingerprint.parse(JSON.parse(gunzipSync(bytes).toString('utf8')));
  } catch (cause) {
    throw new UsageError(
      `${path} holds no hashes of a benchmark (${errorMessage(cause).slice(0, 200)}); make it with scripts/make-benchmark-hashes.ts`,
      { cause },
    );
  }
}
