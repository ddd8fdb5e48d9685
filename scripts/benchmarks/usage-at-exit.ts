// Preloaded into a measured process: writes what it used, all of its threads, to the file BENCH_USAGE.
import { writeFileSync } from 'node:fs';

const path = process.env.BENCH_USAGE;
process.on('exit', () => {
  if (path !== undefined) writeFileSync(path, JSON.stringify(process.resourceUsage()));
});
