/** The one place that writes to the terminal: results to stdout, progress and remarks to stderr. */
export const terminal = {
  isInteractive: process.stderr.isTTY === true,

  /** A result: what a program downstream may read. */
  print(line = ''): void {
    process.stdout.write(`${line}\n`);
  },

  /** A remark for people. */
  note(line: string): void {
    clearLive();
    process.stderr.write(`${line}\n`);
  },

  /** A line that the next one replaces; on no terminal, a line of its own. */
  live(line: string): void {
    if (!terminal.isInteractive) {
      process.stderr.write(`${line}\n`);
      return;
    }
    const width = process.stderr.columns ?? 80;
    const shown = line.length > width - 1 ? `${line.slice(0, width - 2)}…` : line;
    process.stderr.write(`\r\u001b[2K${shown}`);
    liveShown = true;
  },
};

let liveShown = false;

function clearLive(): void {
  if (liveShown) process.stderr.write('\r\u001b[2K');
  liveShown = false;
}
