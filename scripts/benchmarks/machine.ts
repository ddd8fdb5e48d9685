import { cpus, totalmem } from 'node:os';

/** The machine, the version of Node and the date, for the head of a table. */
export function machine(): string {
  const processors = cpus();
  const memory = Math.round(totalmem() / 2 ** 30);
  const date = new Date().toISOString().slice(0, 10);
  return `${processors.length} x ${processors[0]?.model.trim()}, ${memory} GiB, Node ${process.version}, ${date}`;
}
