import { once } from 'node:events';
import { errorCode } from './errors.ts';

/** The one place that writes to the terminal: results to stdout, progress and remarks to stderr. */
export const terminal = {
  isInteractive: process.stderr.isTTY === true,

  /** A result: what a program downstream may read. */
  print(line = ''): void {
    if (process.stdout.writable) process.stdout.write(`${line}\n`);
  },

  /** A result among very many: waits until what reads them is ready for more. */
  async printed(line: string): Promise<void> {
    if (!process.stdout.writable || process.stdout.write(`${line}\n`)) return;
    await once(process.stdout, 'drain').catch(unlessReaderGone);
  },

  /** A remark for people. */
  note(line: string): void {
    clearLive();
    process.stderr.write(`${line}\n`);
  },

  /** A line that the next one replaces, made for a width; on no terminal, a line of its own. */
  live(line: (width: number) => string): void {
    if (!terminal.isInteractive) {
      process.stderr.write(`${line(Number.POSITIVE_INFINITY)}\n`);
      return;
    }
    const width = (process.stderr.columns || 80) - 1;
    const whole = line(width);
    const shown = whole.length > width ? `${whole.slice(0, width - 1)}…` : whole;
    process.stderr.write(`\r\u001b[2K${shown}`);
    liveShown = true;
  },

  /** Leaves the live line standing, so that what comes next begins a line of its own. */
  settle(): void {
    if (liveShown) process.stderr.write('\n');
    liveShown = false;
  },
};

let liveShown = false;

/** A reader that has seen enough (`| head`) ends the printing, not the work. */
function unlessReaderGone(error: unknown): void {
  if (errorCode(error) !== 'EPIPE') throw error;
}

for (const stream of [process.stdout, process.stderr]) stream.on('error', unlessReaderGone);

function clearLive(): void {
  if (liveShown) process.stderr.write('\r\u001b[2K');
  liveShown = false;
}
