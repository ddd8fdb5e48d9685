import { UsageError } from '../core/errors.ts';
import { sbatchScript } from '../core/launch/sbatch-script.ts';
import { terminal } from '../core/terminal.ts';
import { commandText } from './launch/prepare.ts';
import { trainingJob } from './launch/slurm-job.ts';
import type { Training } from './training.ts';

/** Prints what was found out; with `whole` also the command and every file, as they would be. */
export function printTraining(training: Training, whole: boolean): void {
  const { preflight, plan, notes, cluster, asJson } = training;
  const say = whole && !asJson ? terminal.print : terminal.note;
  for (const line of preflight.lines) say(line);
  for (const warning of preflight.warnings) terminal.note(`warning: ${warning}`);
  for (const note of notes) terminal.note(note);
  if (!whole) return;
  const command =
    cluster === null ? commandText(training) : sbatchScript(trainingJob(training, cluster));
  if (asJson) {
    const { argv, env, files } = plan;
    terminal.print(JSON.stringify({ preflight, argv, env, files, command }));
    return;
  }
  for (const { path, text } of plan.files) printFile(`${training.place.out}/${path}`, text);
  printFile(cluster === null ? 'command' : 'job script', command);
}

/** @throws UsageError with everything that speaks against the training, unless it is forced */
export function refuseProblems({ preflight: { problems } }: Training, force: boolean): void {
  if (problems.length === 0) return;
  if (force) {
    for (const problem of problems) terminal.note(`warning: ${problem}`);
    return;
  }
  throw new UsageError(problems.join('\n'));
}

function printFile(name: string, text: string): void {
  terminal.print();
  terminal.print(`== ${name}`);
  terminal.print(text.trimEnd());
}
