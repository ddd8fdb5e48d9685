// Whether a synthesizer that is trained here replaces the pipeline: `scripts/demo --train` in a folder of its own, and
// how many of its answers for passages that it never saw pass the checks, whatever the figure is.
import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { execa } from 'execa';
import { packageRoot } from '../../core/package-root.ts';
import { table } from '../../core/table.ts';
import { requireTraining } from '../../train/manifest.ts';
import { Outcome } from '../demo-train/outcome.ts';
import { outcomeLines } from '../demo-train/outcome-lines.ts';
import { machine } from './machine.ts';

const USAGE = `usage: scripts/bench distillation [options]
  --quick    three steps of training: tries the benchmark, not the model
  --out DIR  where everything goes (runs/bench-distillation); what is there is gone on with
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string', default: 'runs/bench-distillation' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main();

async function main(): Promise<void> {
  const work = resolve(values.out);
  const options = ['--train', '--out', work, ...(values.quick ? ['--quick'] : [])];
  const demo = join(packageRoot(), 'scripts', 'demo');
  const { exitCode } = await execa(demo, options, { stdio: 'inherit', reject: false });
  if (exitCode !== 0) {
    process.exitCode = exitCode ?? 1;
    return;
  }
  const outcome = Outcome.parse(JSON.parse(await readFile(join(work, 'outcome.json'), 'utf8')));
  process.stdout.write(`\n${machine()}\n`);
  process.stdout.write(`${versions(outcome.training.versions)}\n\n`);
  const lines = [...(await trainingTable(join(work, 'training'))), '', ...outcomeLines(outcome)];
  process.stdout.write(`${lines.join('\n')}\n`);
}

function versions(found: Readonly<Record<string, string>>): string {
  return Object.entries(found)
    .map(([name, version]) => `${name} ${version}`)
    .join(', ');
}

async function trainingTable(folder: string): Promise<string[]> {
  const { dataset, steps, tokens_per_second: speed } = await requireTraining(folder);
  const perRow = Math.round(dataset.tokens / dataset.rows);
  const head = ['training', 'rows', 'tokens a row', 'steps', 'tokens/s'];
  const figures = [dataset.rows, perRow, steps.done, speed === null ? '-' : speed.toFixed(0)];
  return table([head, ['synthesizer-smollm2-135m', ...figures]]);
}
