import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import { defineCommand } from '../../core/command.ts';
import { ExportFormat, exportRows, type LeftOut } from '../../core/run/export-rows.ts';
import { existingRun } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { replaceFile } from '../../core/write-file.ts';

const ENDINGS: Record<ExportFormat, string> = {
  jsonl: 'jsonl',
  parquet: 'parquet',
  arrow: 'arrow',
  sharegpt: 'sharegpt.jsonl',
  hermes: 'hermes.jsonl',
  preference: 'preference.jsonl',
};

/** `gem-traj export RUN --format F`: a run's rows for other programs. */
export const exportCommand = defineCommand({
  command: 'export <run>',
  describe:
    "A run's rows as JSONL, Parquet, Arrow (stream), ShareGPT or Hermes; or preference pairs of those that were mended",
  builder: exportOptions,
  handler: async ({ run, format, rejected, out }) => {
    const folder = await existingRun(run);
    const name = rejected ? 'rejected' : 'trajectories';
    const path = out ?? join(folder, 'exports', `${name}.${ENDINGS[format]}`);
    await mkdir(dirname(path), { recursive: true });
    const leftOut: LeftOut[] = [];
    const status = rejected ? 'rejected' : 'accepted';
    const rows = await exportRows(folder, status, format, path, (row) => leftOut.push(row));
    const what = format === 'preference' ? 'pair' : 'row';
    terminal.print(`${rows} ${rows === 1 ? what : `${what}s`}: ${path}`);
    if (format === 'preference' && rows + leftOut.length === 0)
      terminal.print('No accepted row of this run was mended (synth --repair N).');
    await tellLeftOut(leftOut, format, path);
  },
});

const NAMED = 5;

/** Names the rows that the format could not take: the first ones here, all of them in a file beside the export. */
async function tellLeftOut(leftOut: LeftOut[], format: string, path: string): Promise<void> {
  const list = `${path}.left-out.jsonl`;
  await rm(list, { force: true });
  if (leftOut.length === 0) return;
  await replaceFile(list, leftOut.map((row) => `${JSON.stringify(row)}\n`).join(''));
  terminal.print(`${leftOut.length} left out that ${format} cannot express: ${list}`);
  for (const { id, reason } of leftOut.slice(0, NAMED)) terminal.print(`  ${id}: ${reason}`);
  if (leftOut.length > NAMED) terminal.print(`  and ${leftOut.length - NAMED} more`);
}

function exportOptions(yargs: Argv) {
  return yargs
    .positional('run', {
      type: 'string',
      demandOption: true,
      describe: 'Name or folder of the run',
    })
    .option('format', {
      choices: ExportFormat.options,
      demandOption: true,
      describe: 'What to write',
    })
    .option('rejected', {
      type: 'boolean',
      default: false,
      describe: 'The rejected rows instead of the accepted',
    })
    .option('out', {
      type: 'string',
      describe: 'File to write',
      defaultDescription: "the run's exports/ folder",
    });
}
