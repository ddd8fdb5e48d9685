// Preloaded into a measured process that runs with --expose-gc: at SIGUSR2 it collects garbage and writes what is
// left, and what it has used so far, to the file BENCH_PROBE.
import { renameSync, writeFileSync } from 'node:fs';

const path = process.env.BENCH_PROBE;
if (path !== undefined) {
  process.on('SIGUSR2', () => {
    const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
    globalThis.gc?.();
    const { heapUsed, external } = process.memoryUsage();
    const probe = {
      live: heapUsed + external,
      cpu: (userCPUTime + systemCPUTime) / 1e6,
      rss: maxRSS / 1024,
    };
    writeFileSync(`${path}.part`, JSON.stringify(probe));
    renameSync(`${path}.part`, path);
  });
}
