import type { Argv } from 'yargs';
import { defineCommand, type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import type { Manifest } from '../../core/run/manifest.ts';
import { mergeRuns } from '../../core/run/merge/merge-runs.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { shardsIn } from '../../core/run/shard.ts';
import { terminal } from '../../core/terminal.ts';
import { TARGET } from '../shards/options.ts';
import { accountLines, headline } from '../summary.ts';
import type { AfterRun } from './synth.ts';

/** `gem-traj merge RUN...`: shards, or other runs with the same settings, become one ordinary run. */
export function mergeCommand(afterRun: AfterRun) {
  return defineCommand({
    command: 'merge <runs..>',
    describe: 'Join shards, or runs with the same settings, into one run',
    builder: mergeOptions,
    handler: (flags) => runMerge(flags, afterRun),
  });
}

function mergeOptions(yargs: Argv) {
  return yargs
    .positional('runs', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Names or folders: a run that has shards, or shards and runs one by one',
    })
    .option('out', {
      type: 'string',
      describe: 'Name or folder of the merged run',
      defaultDescription: 'the run itself, where one with shards is given',
    })
    .option('partial', {
      type: 'boolean',
      default: false,
      describe: 'Merge what there is, although shards are missing or not finished',
    })
    .option('target', {
      type: 'number',
      describe: 'Accept exactly so many where there are as many; the others become surplus',
      defaultDescription: 'the target that the shards shared',
    })
    .option('journals', {
      choices: ['refer', 'copy'] as const,
      default: 'refer' as const,
      describe: "Raw answers: refer to the shards' journals, or copy them so that shards can go",
    })
    .option('json', { type: 'boolean', default: false, describe: 'The manifest as JSON' });
}

async function runMerge(flags: FlagsOf<typeof mergeOptions>, afterRun: AfterRun): Promise<void> {
  const sources = flags.runs.map(runFolder);
  const folder = flags.out === undefined ? ownFolder(sources) : runFolder(flags.out);
  const manifest = await mergeRuns({
    sources,
    folder,
    partial: flags.partial,
    target: flags.target === undefined ? null : flagValue('target', TARGET, flags.target),
    copyJournals: flags.journals === 'copy',
  });
  const reports = await afterRun(folder);
  if (flags.json) terminal.print(JSON.stringify(manifest));
  else for (const line of endLines(manifest, folder, reports)) terminal.print(line);
}

function ownFolder(sources: string[]): string {
  const [only, ...others] = sources;
  if (only !== undefined && others.length === 0 && shardsIn(only).length > 0) return only;
  throw new UsageError('--out is needed: the name or folder of the merged run');
}

function endLines(manifest: Manifest, folder: string, reports: string[]): string[] {
  return [
    ...accountLines(manifest),
    '',
    headline(manifest),
    `merged from ${manifest.merged?.length} runs into ${folder}`,
    `trajectories: ${folder}/trajectories.jsonl`,
    ...reports.map((path) => `report:       ${path}`),
  ];
}
