import type { Argv } from 'yargs';
import { defineCommand, type FlagsOf } from '../../core/command.ts';
import { describeError, errorCode, UsageError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { describeCorpusReport } from '../corpus/report.ts';
import { accountLines, headline } from '../summary.ts';
import type { SynthEnd } from '../synth-job.ts';
import { synthesize } from '../synth-run.ts';
import { endpointsFor, jobOptions, readConfig, startOffline } from './options.ts';
import { progressPrinter } from './progress-printer.ts';

/** Called with the folder of a run that ended, so that others can write their report of it. */
export type AfterRun = (folder: string) => Promise<string[]>;

/** `gem-traj synth`: text in, checked trajectories out. */
export function synthCommand(afterRun: AfterRun) {
  return defineCommand({
    command: 'synth',
    describe: 'Make checked tool-use trajectories from text',
    builder: synthOptions,
    handler: (flags) => runSynth(flags, afterRun),
  });
}

function synthOptions(yargs: Argv) {
  return jobOptions(yargs)
    .option('run', {
      type: 'string',
      demandOption: true,
      describe: 'Name of the run (a folder below runs/) or a path',
    })
    .option('target', { type: 'number', describe: 'Stop when this many trajectories are accepted' })
    .option('budget', { type: 'number', describe: 'USD that may be spent, a hard stop' })
    .option('reuse', {
      type: 'string',
      array: true,
      default: [],
      describe: 'Runs whose answers may be used again',
    })
    .option('json', {
      type: 'boolean',
      default: false,
      describe: 'Progress and result as JSON lines on stdout',
    });
}

async function runSynth(flags: FlagsOf<typeof synthOptions>, afterRun: AfterRun): Promise<void> {
  const config = await readConfig(flags);
  const offline = await startOffline(flags, config);
  const interrupts = watchInterrupts();
  try {
    const endpoints = await endpointsFor(flags, config, offline.endpoint);
    const end = await synthesize({
      config,
      inputs: flags.input,
      folder: runFolder(flags.run),
      endpoints,
      offline: flags.offline,
      reuse: flags.reuse.map(runFolder),
      stopping: interrupts.stopping,
      aborting: interrupts.aborting,
      onProgress: progressPrinter(config, flags.json),
    }).catch((error: unknown) => {
      throw isFull(error) ? roomNeeded(error) : error;
    });
    const reports = await afterRun(runFolder(flags.run));
    if (flags.json) terminal.print(JSON.stringify({ kind: 'result', ...end.manifest }));
    else printEnd(end, runFolder(flags.run), reports);
    if (interrupts.stopping.aborted) process.exitCode = 130;
    else if (end.manifest.failed_passages > 0) process.exitCode = 1;
  } finally {
    terminal.settle();
    interrupts.forget();
    // Left open, it would keep a run alive that ended before its input.
    if (flags.input.includes('-')) process.stdin.destroy();
    await offline.close();
  }
}

const isFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT', 'EFBIG'].includes(errorCode(error) ?? '');

function roomNeeded(error: unknown): UsageError {
  return new UsageError(
    `${describeError(error)}\nNothing is lost: make room and run the same command again.`,
    { cause: error },
  );
}

function printEnd({ manifest, corpus }: SynthEnd, folder: string, reports: string[]): void {
  terminal.note('');
  if (manifest.offline)
    terminal.print(
      'Made by the offline teacher (rules, no model): for trying out and testing, no measure of quality.',
    );
  const parts = [
    ...describeCorpusReport(corpus),
    '',
    ...accountLines(manifest),
    '',
    headline(manifest),
    `trajectories: ${folder}/trajectories.jsonl`,
    `rejected:     ${folder}/rejected.jsonl`,
    ...reports.map((path) => `report:       ${path}`),
  ];
  for (const line of parts) terminal.print(line);
  if (manifest.state === 'stopped') terminal.print(wayOn(manifest));
}

function wayOn({ message }: SynthEnd['manifest']): string {
  return message?.startsWith('the budget')
    ? 'With a higher --budget the same command goes on.'
    : 'Run the same command again and it goes on.';
}
