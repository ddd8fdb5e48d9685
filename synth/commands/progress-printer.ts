import { terminal } from '../../core/terminal.ts';
import type { SynthConfig } from '../config.ts';
import { ProgressMeter, progressLine } from '../progress.ts';
import type { SynthProgress } from '../synth-job.ts';

/** Prints progress: as JSON lines, as a live line, or in a file every tenth time. */
export function progressPrinter(
  config: SynthConfig,
  json: boolean,
): (progress: SynthProgress) => void {
  const meter = new ProgressMeter(config);
  let lines = 0;
  return (progress) => {
    const record = meter.record(progress);
    lines += 1;
    if (json) terminal.print(JSON.stringify({ kind: 'progress', ...record }));
    else if (terminal.isInteractive || lines % 10 === 1)
      terminal.live((width) => progressLine(record, config, width));
  };
}
