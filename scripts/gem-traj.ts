#!/usr/bin/env node
import yargs from 'yargs';
import { hideBin } from 'yargs/helpers';
import { describeError, UsageError } from '../core/errors.ts';
import { packageVersion } from '../core/package-root.ts';
import { reportCommand } from '../eval/commands/report.ts';
import { writeRunReport } from '../eval/run-report/write.ts';
import { doctorCommand } from '../synth/commands/doctor.ts';
import { estimateCommand } from '../synth/commands/estimate.ts';
import { exportCommand } from '../synth/commands/export.ts';
import { offlineTeacherCommand } from '../synth/commands/offline-teacher.ts';
import { previewCommand } from '../synth/commands/preview.ts';
import { statusCommand } from '../synth/commands/status.ts';
import { synthCommand } from '../synth/commands/synth.ts';
import { traceCommand } from '../synth/commands/trace.ts';

const parser = yargs(hideBin(process.argv))
  .scriptName('gem-traj')
  .version(packageVersion())
  .usage('$0 <command>: text in, checked multi-turn tool-use trajectories out')
  .command(synthCommand(writeRunReport))
  .command(previewCommand)
  .command(estimateCommand)
  .command(statusCommand)
  .command(traceCommand)
  .command(reportCommand)
  .command(exportCommand)
  .command(doctorCommand)
  .command(offlineTeacherCommand)
  .demandCommand(1, 'name a command')
  .recommendCommands()
  .strict()
  .parserConfiguration({ 'greedy-arrays': true })
  .wrap(Math.min(110, process.stdout.columns ?? 100))
  .fail((message, error) => {
    if (error) throw error;
    throw new UsageError(`${message}; --help lists what there is`);
  });

try {
  await parser.parseAsync();
} catch (error) {
  process.stderr.write(`gem-traj: ${describeError(error)}\n`);
  process.exitCode = 1;
}
