import type { Argv } from 'yargs';

/** Adds one command to a parser; its modules are loaded only then. */
type Adder = (yargs: Argv) => Promise<Argv>;

/** The commands in the order in which --help lists them. */
const COMMANDS: Readonly<Record<string, Adder>> = {
  synth: async (yargs) => {
    const { synthCommand } = await import('../synth/commands/synth.ts');
    return yargs.command(synthCommand(await reportWriter()));
  },
  merge: async (yargs) => {
    const { mergeCommand } = await import('../synth/commands/merge.ts');
    return yargs.command(mergeCommand(await reportWriter()));
  },
  preview: async (yargs) =>
    yargs.command((await import('../synth/commands/preview.ts')).previewCommand),
  estimate: async (yargs) =>
    yargs.command((await import('../synth/commands/estimate.ts')).estimateCommand),
  status: async (yargs) =>
    yargs.command((await import('../synth/commands/status.ts')).statusCommand),
  trace: async (yargs) => yargs.command((await import('../synth/commands/trace.ts')).traceCommand),
  check: async (yargs) => yargs.command((await import('../synth/commands/check.ts')).checkCommand),
  recheck: async (yargs) => {
    const { recheckCommand } = await import('../synth/commands/recheck.ts');
    return yargs.command(recheckCommand(await reportWriter()));
  },
  report: async (yargs) =>
    yargs.command((await import('../eval/commands/report.ts')).reportCommand),
  view: async (yargs) => yargs.command((await import('../eval/commands/view.ts')).viewCommand),
  export: async (yargs) =>
    yargs.command((await import('../synth/commands/export.ts')).exportCommand),
  eval: async (yargs) => yargs.command((await import('../eval/commands/eval.ts')).evalCommand),
  distill: async (yargs) =>
    yargs.command((await import('../distill/commands/distill.ts')).distillCommand),
  train: async (yargs) => yargs.command((await import('../train/commands/train.ts')).trainCommand),
  serve: async (yargs) => yargs.command((await import('../train/commands/serve.ts')).serveCommand),
  doctor: async (yargs) =>
    yargs.command((await import('../synth/commands/doctor.ts')).doctorCommand),
  'offline-teacher': async (yargs) =>
    yargs.command((await import('../synth/commands/offline-teacher.ts')).offlineTeacherCommand),
};

/**
 * Adds the command that the first word names, or all of them where it names none: loading every command's modules
 * takes longer than most commands do.
 */
export async function addCommands(yargs: Argv, first: string | undefined): Promise<void> {
  const named = first !== undefined && Object.hasOwn(COMMANDS, first) ? COMMANDS[first] : undefined;
  for (const add of named === undefined ? Object.values(COMMANDS) : [named]) await add(yargs);
}

/** A run's end writes the report, which is another room's work. */
async function reportWriter() {
  return (await import('../eval/run-report/write.ts')).writeRunReport;
}
