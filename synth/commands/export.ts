import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Argv } from 'yargs';
import { defineCommand } from '../../core/command.ts';
import { ExportFormat, exportRows } from '../../core/run/export-rows.ts';
import { existingRun } from './options.ts';
import { terminal } from './terminal.ts';

const ENDINGS: Record<ExportFormat, string> = {
  jsonl: 'jsonl',
  parquet: 'parquet',
  arrow: 'arrow',
  sharegpt: 'sharegpt.jsonl',
  hermes: 'hermes.jsonl',
};

/** `gem-traj export RUN --format F`: a run's rows for other programs. */
export const exportCommand = defineCommand({
  command: 'export <run>',
  describe: "A run's rows as JSONL, Parquet, Arrow (stream), ShareGPT or Hermes",
  builder: exportOptions,
  handler: async ({ run, format, rejected, out }) => {
    const folder = await existingRun(run);
    const name = rejected ? 'rejected' : 'trajectories';
    const path = out ?? join(folder, 'exports', `${name}.${ENDINGS[format]}`);
    await mkdir(dirname(path), { recursive: true });
    const rows = await exportRows(folder, rejected ? 'rejected' : 'accepted', format, path);
    terminal.print(`${rows} rows: ${path}`);
  },
});

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
