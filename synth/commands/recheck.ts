import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import { existingRun, runFolder } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { type Changes, changeLines, changesOf } from '../recheck/changes.ts';
import { type RecheckEnd, recheck } from '../recheck/recheck.ts';
import { accountLines, headline } from '../summary.ts';
import { judgeOptions, openJudge } from './judge-endpoint.ts';
import { progressPrinter } from './progress-printer.ts';
import type { AfterRun } from './synth.ts';

const USD = z.number().positive();

/** `gem-traj recheck RUN --out RUN2`: the checks of today, or another judge, on a run that there is. */
export function recheckCommand(afterRun: AfterRun) {
  return defineCommand({
    command: 'recheck <run>',
    describe: 'Check a finished run anew, or judge it anew, into a run of its own',
    builder: recheckOptions,
    handler: (flags) => runRecheck(flags, afterRun),
  });
}

function recheckOptions(yargs: Argv) {
  return judgeOptions(yargs)
    .positional('run', {
      type: 'string',
      demandOption: true,
      describe: 'Name or folder of the run; it stays as it is',
    })
    .option('out', {
      type: 'string',
      demandOption: true,
      describe: 'Name of the rechecked run (a folder below runs/) or a path',
    })
    .option('gate', {
      choices: ['paper', 'strict'] as const,
      describe: "Which findings reject: those of the paper's rule check, or every error",
      defaultDescription: "the run's own",
    })
    .option('reuse', {
      type: 'boolean',
      default: true,
      describe: "Take over the run's own verdicts by the same judge to the same words",
    })
    .option('budget', { type: 'number', describe: 'USD that may be spent, a hard stop' })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Progress and result as JSON lines on stdout',
    });
}

async function runRecheck(
  flags: FlagsOf<typeof recheckOptions>,
  afterRun: AfterRun,
): Promise<void> {
  if (flags.judge === undefined && flags.judgePrompt !== undefined)
    throw new UsageError('--judge-prompt says how --judge is asked; give both, or neither');
  const source = await existingRun(flags.run);
  const folder = runFolder(flags.out);
  const judge = flags.judge === undefined ? null : await openJudge(flags.judge, flags.endpoints);
  const interrupts = watchInterrupts();
  try {
    const end = await recheck({
      source,
      folder,
      choice: {
        gate: flags.gate,
        judge: judge?.endpoint,
        judgePrompt: flags.judgePrompt,
        budgetUsd: flags.budget === undefined ? undefined : flagValue('budget', USD, flags.budget),
      },
      reuse: flags.reuse,
      stopping: interrupts.stopping,
      aborting: interrupts.aborting,
      progress: (config) => progressPrinter(config, flags.json),
    });
    const changes = await changesOf(folder, end.gate);
    const reports = await afterRun(folder);
    if (flags.json) terminal.print(JSON.stringify(resultOf(end, changes)));
    else for (const line of endLines(end, changes, folder, reports)) terminal.print(line);
    if (interrupts.stopping.aborted) process.exitCode = 130;
    else if (end.manifest.failed_passages > 0) process.exitCode = 1;
  } finally {
    terminal.settle();
    interrupts.forget();
    await judge?.close();
  }
}

function endLines(
  { source, manifest, gate }: RecheckEnd,
  changes: Changes,
  folder: string,
  reports: string[],
): string[] {
  const unscored = changes.changes.find(
    ({ before, now }) => before === 'check' && now === 'unscored',
  );
  return [
    ...accountLines(manifest),
    '',
    ...unfinishedLines(source),
    `rechecked ${source.name} at the ${gate} gate`,
    ...changeLines(changes),
    ...(unscored === undefined
      ? []
      : [
          `${unscored.rows} rows pass the checks now and were never judged; --judge ENDPOINT judges them`,
        ]),
    '',
    headline(manifest),
    `trajectories: ${folder}/trajectories.jsonl`,
    `rejected:     ${folder}/rejected.jsonl`,
    ...reports.map((path) => `report:       ${path}`),
    ...(manifest.state === 'stopped' ? ['Run the same command again and it goes on.'] : []),
  ];
}

function unfinishedLines({ name, state, failed_passages: failed }: RecheckEnd['source']): string[] {
  if (state === 'finished' && failed === 0) return [];
  const left = failed === 0 ? '' : `, ${failed} of its passages found no server`;
  return [
    `${name} is not finished (${state}${left}): what it has was rechecked; when it has more, the same command goes on`,
  ];
}

function resultOf({ source, manifest }: RecheckEnd, { changes, ...counts }: Changes): unknown {
  return {
    kind: 'result',
    ...manifest,
    source: { name: source.name, state: source.state, fingerprint: source.fingerprint },
    rows: counts.rows,
    accepted_before: counts.acceptedBefore,
    accepted_now: counts.acceptedNow,
    changes,
  };
}
