import { existsSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { endpointByName, loadEndpoints } from '../../core/llm/endpoints-file.ts';
import { keepHeapSmall } from '../../core/small-heap.ts';
import { terminal } from '../../core/terminal.ts';
import { defaultTokenizer } from '../../core/text/tokenizer.ts';
import { readYaml } from '../../core/yaml.ts';
import type { DatasetManifest } from '../dataset-manifest.ts';
import { DatasetTask } from '../dataset-row.ts';
import { openScreen, type Screen } from '../decontaminate/screen.ts';
import { distill } from '../distill.ts';
import type { DistillJob, DistillStep } from '../distill-job.ts';
import { Trainer } from '../layouts/layout.ts';
import { push, pushCommand, shellLine } from '../push.ts';
import { DistillRules } from '../rules.ts';
import { openSources } from '../source-runs.ts';
import { datasetLines } from '../summary.ts';
import { inspectCommand } from './distill-inspect.ts';
import { removeCommand } from './distill-remove.ts';

/** `gem-traj distill`: makes, shows and changes datasets for trainers. */
export const distillCommand = defineCommand({
  command: 'distill',
  describe: 'Make a dataset for trainers from the accepted rows of runs',
  builder: (yargs: Argv) =>
    yargs.command(makeCommand).command(inspectCommand).command(removeCommand),
  handler: async () => {},
});

/** A command beside the others: yargs would hand its options down to commands below it. */
const makeCommand = defineCommand({
  command: '$0',
  describe: 'Make a dataset for trainers from the accepted rows of runs',
  builder: distillOptions,
  handler: async (flags) => {
    keepHeapSmall();
    const job = await jobOf(flags);
    const { manifest, made } = await distill(job, flags.replace).finally(() => job.screen?.close());
    terminal.settle();
    if (flags.json) terminal.print(JSON.stringify(manifest));
    else printEnd(manifest, job.out, made);
    if (flags.push === undefined) return;
    terminal.note(shellLine(pushCommand(job.out, flags.push)));
    await push(job.out, flags.push);
  },
});

type Flags = FlagsOf<typeof distillOptions>;

async function jobOf(flags: Flags): Promise<DistillJob> {
  const { run: runs, out } = flags;
  const rules = await rulesOf(flags);
  const { allowOffline, allowMixed } = flags;
  const { take_accepted: takeAccepted } = rules.marks;
  const sources = await openSources(runs, { allowOffline, allowMixed, takeAccepted });
  return {
    name: nameOf(flags.name ?? basename(resolve(out))),
    out,
    task: flags.task,
    sources,
    trainers: trainersOf(flags.trainer),
    columnar: flags.columnar,
    tokenizer: await defaultTokenizer(flags.tokenizer),
    screen: await screenOf(flags, rules),
    decontaminate: benchmarksOf(flags),
    embeddings: flags.embeddingEndpoint ?? null,
    maxTokens: flagValue('max-tokens', Positive, flags.maxTokens),
    validation: flagValue('validation', Share, flags.validation),
    test: flagValue('test', Whole, flags.test),
    seed: flagValue('seed', z.number().int(), flags.seed),
    rules,
    onProgress: progressPrinter(
      sources.reduce((sum, { manifest }) => sum + manifest.funnel.accepted, 0),
    ),
  };
}

const Positive = z.number().int().positive();
const Whole = z.number().int().min(0);
const Share = z.number().min(0).lt(1);

async function screenOf(flags: Flags, rules: DistillRules): Promise<Screen | null> {
  const { embeddingEndpoint: name, out } = flags;
  const names = benchmarksOf(flags);
  if (names.length === 0) {
    if (name === undefined) return null;
    throw new UsageError(
      '--embedding-endpoint needs --decontaminate: the benchmarks to compare with',
    );
  }
  if (name === undefined) return openScreen(names, rules.decontamination, null);
  const endpoint = endpointByName(await loadEndpoints(flags.endpoints), name);
  // Beside the dataset, not in it: a dataset made anew asks for new texts alone.
  const cache = `${out}.embeddings`;
  return openScreen(names, rules.decontamination, { endpoint, cache });
}

/** One after another or with commas between; a file's own name may have a comma. */
function benchmarksOf({ decontaminate }: Flags): string[] {
  return decontaminate.flatMap((given) => (existsSync(given) ? [given] : given.split(',')));
}

/** The rules of the file; flags override it. */
async function rulesOf({ rules: path, maxPerDomain }: Flags): Promise<DistillRules> {
  const rules = path === undefined ? DistillRules.parse({}) : await readYaml(path, DistillRules);
  if (maxPerDomain === undefined) return rules;
  const per_domain = flagValue('max-per-domain', Positive, maxPerDomain);
  return { ...rules, caps: { ...rules.caps, per_domain } };
}

function trainersOf(given: readonly (Trainer | 'all')[]): Trainer[] {
  const all = given.includes('all');
  return Trainer.options.filter((trainer) => all || given.includes(trainer));
}

/** Trainers call a dataset by its name and take few characters. */
function nameOf(name: string): string {
  const plain = name.replace(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+|-+$/g, '');
  if (plain !== '') return plain;
  throw new UsageError(
    `--name ${JSON.stringify(name)} has no letter or digit that trainers take in a dataset's name`,
  );
}

/** On a terminal twice a second, in a file now and then. */
const EVERY_MS = terminal.isInteractive ? 500 : 10_000;

/** Shows how far each reading has come. */
function progressPrinter(total: number): DistillJob['onProgress'] {
  let [step, start, shown]: [DistillStep, number, number] = ['measured', Date.now(), 0];
  return (now, rows) => {
    if (now !== step) [step, start] = [now, Date.now()];
    if (Date.now() - shown < EVERY_MS && rows < total) return;
    shown = Date.now();
    terminal.live(() => progressLine(step, rows, total, (shown - start) / 1000));
  };
}

function progressLine(step: DistillStep, rows: number, total: number, seconds: number): string {
  const speed = seconds > 0 ? rows / seconds : 0;
  const left = speed > 0 ? `, ${Math.ceil((total - rows) / speed)} s left` : '';
  const [done, all] = [rows.toLocaleString('en-US'), total.toLocaleString('en-US')];
  return `${step} ${done} of ${all} rows, ${Math.round(speed)}/s${left}`;
}

function printEnd(manifest: DatasetManifest, out: string, made: boolean): void {
  if (!made) terminal.print('This dataset is there already, made from the same rows and rules:');
  for (const line of datasetLines(manifest)) terminal.print(line);
  terminal.print();
  terminal.print(`dataset: ${out}`);
  terminal.print(`card:    ${out}/README.md`);
  terminal.print(`why rows were left out: ${out}/decisions.jsonl`);
}

function distillOptions(yargs: Argv) {
  return yargs
    .option('run', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Runs: names or folders',
    })
    .option('out', { type: 'string', demandOption: true, describe: 'Folder of the dataset' })
    .option('name', {
      type: 'string',
      describe: "The dataset's name",
      defaultDescription: "the folder's",
    })
    .option('task', {
      choices: DatasetTask.options,
      demandOption: true,
      describe:
        'synthesizer: passage to trajectory in one answer; agent: the trajectories themselves',
    })
    .option('trainer', {
      choices: ['all', ...Trainer.options] as const,
      array: true,
      default: ['all' as const],
      describe: 'Whose form to write',
    })
    .option('columnar', {
      type: 'boolean',
      default: true,
      describe: "Beside TRL's JSONL, data/*.parquet for the hub and arrow/ for load_from_disk",
    })
    .option('tokenizer', {
      type: 'string',
      describe: 'qwen3, or a tokenizer.json or a folder that has one',
      defaultDescription: 'qwen3 where its package is installed, else an estimate',
    })
    .option('max-tokens', {
      type: 'number',
      default: 32_768,
      describe: 'Longest row; never cropped',
    })
    .option('validation', { type: 'number', default: 0.02, describe: 'Share of the documents' })
    .option('test', { type: 'number', default: 0, describe: 'Documents kept for testing' })
    .option('decontaminate', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'Benchmarks to keep clear of: bfcl, tau2, or files of texts or of tasks',
    })
    .option('embedding-endpoint', {
      type: 'string',
      describe: 'Endpoint whose /embeddings also compares rows with the texts of benchmark files',
    })
    .option('endpoints', { type: 'string', describe: 'File with the endpoints' })
    .option('max-per-domain', { type: 'number', describe: 'Rows of a domain at most' })
    .option('rules', {
      type: 'string',
      describe: 'YAML file with the rules of selection (configs/distill.yaml has them all)',
    })
    .option('seed', { type: 'number', default: 0, describe: 'Seed of splits and caps' })
    .option('allow-offline', {
      type: 'boolean',
      default: false,
      describe: "Take the offline teacher's rows",
    })
    .option('allow-mixed', {
      type: 'boolean',
      default: false,
      describe: 'Take runs of different settings together',
    })
    .option('replace', { type: 'boolean', default: false, describe: 'Make a dataset anew' })
    .option('push', {
      type: 'string',
      describe: 'Upload to this repository of the Hugging Face hub afterwards, with your own hf',
    })
    .option('json', { type: 'boolean', default: false, describe: 'Print the manifest as JSON' });
}
