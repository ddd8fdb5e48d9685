import yargs from 'yargs';
import { terminal } from '../../core/terminal.ts';
import { distillCommand } from '../../distill/commands/distill.ts';

/** Runs `gem-traj distill ...` in this process, which is many times as fast; gives what it prints. Throws as it does. */
export async function distillHere(...flags: string[]): Promise<string> {
  const printed: string[] = [];
  const { print, live } = terminal;
  terminal.print = (line = '') => void printed.push(line);
  terminal.live = () => {};
  try {
    await yargs(['distill', ...flags])
      .command(distillCommand)
      .strict()
      .fail((message, error) => {
        throw error ?? new Error(message);
      })
      .parseAsync();
  } finally {
    Object.assign(terminal, { print, live });
  }
  return printed.join('\n');
}
