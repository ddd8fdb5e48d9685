// The whole life cycle on one machine: text, trajectories, a dataset, a trained synthesizer, its own trajectories, and
// the comparison. Every step is a gem-traj command that is printed, and can be stopped and started again.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { describeError } from '../../core/errors.ts';
import { packageRoot } from '../../core/package-root.ts';
import { replaceFile } from '../../core/write-file.ts';
import { measureOutcome } from './outcome.ts';
import { outcomeLines } from './outcome-lines.ts';
import { describeSeconds, Pace } from './pace.ts';
import { CommandEnded, passSignalsOn, typed } from './run-command.ts';
import { type DemoSize, QUICK, WHOLE } from './size.ts';
import { splitCorpus } from './split-corpus.ts';
import { foldersIn, type Step, stepsOf } from './steps.ts';

const USAGE = `usage: scripts/demo --train [--quick] [--out DIR]
  --quick    three steps of training and a few passages: every step in a few minutes, and a model of no use
  --out DIR  where everything goes (runs/demo-train, with --quick runs/demo-train-quick); what is there is gone on with
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    out: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
});
if (values.help) process.stdout.write(USAGE);
else await main().catch(explain);

async function main(): Promise<void> {
  passSignalsOn();
  const name = values.quick ? 'demo-train-quick' : 'demo-train';
  const work = values.out === undefined ? join(packageRoot(), 'runs', name) : resolve(values.out);
  await mkdir(work, { recursive: true });
  const corpus = await splitCorpus(work);
  print(
    `split by document: ${corpus.ids.learnFrom.length} to learn from, ${corpus.ids.heldOut.length} held out:`,
  );
  print(`  ${corpus.ids.heldOut.join(', ')}`);
  const size = values.quick ? QUICK : WHOLE;
  await runSteps(
    stepsOf(work, size, corpus),
    isInstalled() ? { ...size.seconds, environments: 5 } : size.seconds,
  );
  await end(work);
}

/** Whether the Python environments were made before; they are looked at again all the same. */
function isInstalled(): boolean {
  return ['smollm2', 'serve'].every((name) =>
    existsSync(join(packageRoot(), '.venvs', name, 'requirements.sha256')),
  );
}

async function runSteps(steps: readonly Step[], seconds: DemoSize['seconds']): Promise<void> {
  const pace = new Pace(seconds);
  for (const [index, { name, title, isDone, run }] of steps.entries()) {
    print();
    print(`[${index + 1}/${steps.length}] ${title}`);
    if (await isDone?.()) {
      pace.skip(name);
      print('it is done already');
      continue;
    }
    const { own, all } = pace.left(name);
    print(`about ${describeSeconds(own)}; until the end of the demo ${describeSeconds(all)}`);
    const start = Date.now();
    await run();
    const took = (Date.now() - start) / 1000;
    pace.finish(name, took);
    print(`took ${describeSeconds(took)}`);
  }
}

async function end(work: string): Promise<void> {
  const { synthesizer, baseline, training, comparison } = foldersIn(work);
  const below = (folder: string) => resolve(packageRoot(), folder);
  const outcome = await measureOutcome({
    synthesizer: below(synthesizer),
    baseline: below(baseline),
    training: below(training),
  });
  const path = join(work, 'outcome.json');
  await replaceFile(path, `${JSON.stringify(outcome, null, 2)}\n`);
  print();
  for (const line of outcomeLines(outcome)) print(line);
  print();
  print('What to look at:');
  print(`  ${typed(join(work, 'report.html'))}  the report, in a browser`);
  print(`  ${join(comparison, 'compare.md')}  the pipeline and the synthesizer beside each other`);
  print(`  ${typed(path)}  how each answer ended`);
  print(`  npx tsx scripts/gem-traj.ts view ${synthesizer}  what the synthesizer wrote`);
}

function explain(error: unknown): void {
  if (error instanceof CommandEnded) {
    process.stderr.write(`demo: ${error.message}; the same command goes on from there\n`);
    process.exitCode = error.wasStopped ? 130 : 1;
    return;
  }
  process.stderr.write(`demo: ${describeError(error)}\n`);
  process.exitCode = 1;
}

function print(line = ''): void {
  process.stdout.write(`${line}\n`);
}
