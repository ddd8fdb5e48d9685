import { mkdir } from 'node:fs/promises';
import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { SHARE, startTeacher } from '../../synth/commands/options.ts';
import { progressPrinter } from '../../synth/commands/progress-printer.ts';
import { resolveEndpoints } from '../../synth/resolve-endpoints.ts';
import { headline } from '../../synth/summary.ts';
import { type AblateEnd, ablate } from '../ablate/ablate.ts';
import type { AblationConfig } from '../ablate/config.ts';
import { type AblationPlan, planRuns } from '../ablate/plan.ts';
import { readAblation } from '../ablate/read-config.ts';
import { printPlan } from '../ablate/show-plan.ts';
import { variantsOf } from '../ablate/variants.ts';
import { blockLines } from '../compare/lines.ts';

/** `gem-traj eval ablate --config FILE`: the same passages with and without each part, every shared answer asked once. */
export const ablateCommand = defineCommand({
  command: 'ablate',
  describe: 'Run the same passages with and without refining, judge and checks, and compare',
  builder: ablateOptions,
  handler: async (flags) => {
    const { config, fromFile } = await readAblation(flags);
    const teachers = new Teachers(flags);
    try {
      const variants = variantsOf(config, fromFile, flags.offline);
      const out = runFolder(flags.out);
      const plan = await planRuns(variants, config, out, async (settings) =>
        resolveEndpoints(settings, {
          file: flags.endpoints,
          stageEndpoints: [],
          offline: await teachers.ofSeed(settings.seed),
        }),
      );
      requireRuns(plan);
      if (flags.dryRun) await printPlan(plan, config, flags.json);
      else await run(flags, config, plan, out);
    } finally {
      terminal.settle();
      await teachers.close();
    }
  },
});

type Flags = FlagsOf<typeof ablateOptions>;

async function run(
  flags: Flags,
  config: AblationConfig,
  plan: AblationPlan,
  out: string,
): Promise<void> {
  const { offline, json, budget } = flags;
  await mkdir(out, { recursive: true });
  const interrupts = watchInterrupts();
  let printer = (_progress: Parameters<ReturnType<typeof progressPrinter>>[0]) => {};
  try {
    const end = await ablate({
      config,
      plan,
      out,
      inputs: config.input,
      offline,
      reuse: flags.reuse.map(runFolder),
      budgetUsd: budget === undefined ? undefined : flagValue('budget', Positive, budget),
      onRun: (planned, number) => {
        terminal.note(`${planned.folder} (${number} of ${plan.runs.length})`);
        printer = progressPrinter(planned.config, json);
      },
      onProgress: (_run, progress) => printer(progress),
      onEnd: (_run, manifest) => terminal.note(headline(manifest)),
      stopping: interrupts.stopping,
      aborting: interrupts.aborting,
    });
    printEnd(end, json);
    if (interrupts.stopping.aborted) process.exitCode = 130;
    else if (end.ablation.runs.length < plan.runs.length || hasGaps(end)) process.exitCode = 1;
  } finally {
    interrupts.forget();
  }
}

const hasGaps = ({ ablation }: AblateEnd) =>
  ablation.runs.some(({ state }) => state !== 'finished');

function printEnd({ ablation, blocks, scores, paths }: AblateEnd, json: boolean): void {
  if (json) {
    terminal.print(JSON.stringify({ ...ablation, kind: 'result' }));
    return;
  }
  for (const line of [...blockLines(blocks), '', ...scores]) terminal.print(line);
  for (const path of paths) terminal.print(path);
  const stopped = ablation.runs.find(({ state }) => state !== 'finished');
  if (stopped !== undefined) {
    const how = stopped.message?.startsWith('the budget') ? 'With a higher --budget the' : 'The';
    const sofar = ablation.complete ? '' : '; nothing is compared yet';
    terminal.print(
      `${stopped.folder} is not finished (${stopped.message})${sofar}. ${how} same command goes on.`,
    );
  }
}

function requireRuns({ runs, skipped }: AblationPlan): void {
  if (runs.length > 0) return;
  const why = skipped.map(({ name, why }) => `\n  ${name}: ${why}`).join('');
  throw new UsageError(`no variant is left to run:${why}`);
}

const Positive = z.number().positive();

/** The offline teacher of each seed, started when it is first wanted. */
class Teachers {
  readonly #flags: Flags;
  readonly #started = new Map<number, ReturnType<typeof startTeacher>>();

  constructor(flags: Flags) {
    this.#flags = flags;
  }

  async ofSeed(seed: number): Promise<NamedEndpoint | undefined> {
    const { offline, offlineSize: size, defectRate } = this.#flags;
    if (!offline) return undefined;
    const rate = flagValue('defect-rate', SHARE, defectRate);
    const teacher = this.#started.get(seed) ?? startTeacher({ size, defectRate: rate, seed });
    this.#started.set(seed, teacher);
    return (await teacher).endpoint;
  }

  async close(): Promise<void> {
    for (const teacher of this.#started.values()) await (await teacher).close();
  }
}

function ablateOptions(yargs: Argv) {
  return whereToRun(
    yargs
      .option('config', {
        type: 'string',
        describe: 'YAML file with the ablation (configs/ablate.yaml shows all of it)',
      })
      .option('input', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'Files, folders or globs',
      })
      .option('limit', { type: 'number', describe: 'Passages, the same for every variant' })
      .option('seed', {
        type: 'number',
        array: true,
        default: [] as number[],
        describe: 'Seeds; each variant is run with each',
        defaultDescription: '0',
      })
      .option('only', {
        type: 'string',
        array: true,
        default: [] as string[],
        describe: 'These variants alone',
      }),
  );
}

function whereToRun<T>(yargs: Argv<T>) {
  return yargs
    .option('out', {
      type: 'string',
      default: 'ablation',
      describe: 'Folder of the runs and the comparison: a name below runs/, or a path',
    })
    .option('endpoint', { type: 'string', describe: 'Endpoint for all stages of the pipeline' })
    .option('synthesizer', {
      type: 'string',
      describe: 'Endpoint of the synthesizer; without one that variant is left out',
    })
    .option('endpoints', { type: 'string', describe: 'File with the endpoints' })
    .option('offline', {
      type: 'boolean',
      default: false,
      describe: 'Use the built-in offline teacher: rules, no model',
    })
    .option('offline-size', {
      choices: ['compact', 'paper'] as const,
      default: 'compact' as const,
      describe: "Length of the offline teacher's dialogues",
    })
    .option('defect-rate', {
      type: 'number',
      default: 0,
      describe: "Share of the offline teacher's answers with a planted defect",
    })
    .option('reuse', {
      type: 'string',
      array: true,
      default: [] as string[],
      describe: 'Other runs whose answers may be used',
    })
    .option('budget', { type: 'number', describe: 'USD that all variants together may spend' })
    .option('dry-run', {
      type: 'boolean',
      default: false,
      describe: 'Print the runs with their requests and prices, and ask nothing',
    })
    .option('json', { type: 'boolean', default: false, describe: 'As JSON' });
}
