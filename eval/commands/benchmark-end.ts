import { join } from 'node:path';
import { terminal } from '../../core/terminal.ts';
import { replaceFile } from '../../core/write-file.ts';
import type { BenchmarkManifest } from '../benchmarks/benchmark-manifest.ts';
import { scoreReport } from '../benchmarks/score-report.ts';
import type { Scores } from '../benchmarks/scores.ts';

/** Writes and prints the tables of a session; one that is not finished ends with a code other than 0. */
export async function endBenchmark(
  out: string,
  { manifest, scores }: { manifest: BenchmarkManifest; scores: Scores | undefined },
  json: boolean,
): Promise<void> {
  if (scores !== undefined) {
    const { text, markdown } = scoreReport([scores]);
    await replaceFile(join(out, 'scores.txt'), `${text.join('\n').trimEnd()}\n`);
    await replaceFile(join(out, 'scores.md'), markdown);
    if (json) terminal.print(JSON.stringify(scores));
    else for (const line of text) terminal.print(line);
  }
  if (manifest.state === 'finished') {
    terminal.note(`finished: ${out} has scores.json, scores.md and scores.txt`);
    return;
  }
  terminal.note(
    `${manifest.state}: ${manifest.message}. The same command goes on from here (${out})`,
  );
  process.exitCode = manifest.state === 'stopped' ? 130 : 1;
}
