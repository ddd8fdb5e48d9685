import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { bashCommand } from '../../core/launch/bash-words.ts';
import { describeEnding, launch } from '../../core/launch/process.ts';
import { LineCount } from './line-count.ts';
import type { BatchProgram } from './program-backend.ts';
import { type VllmOptions, vllmArgv } from './vllm.ts';

const LOOK_MS = 2000;
const GRACE = { interruptMs: 15_000, terminateMs: 5_000 };

/** `vllm run-batch` on this machine's GPUs. It ends with this process; what it has written by then is taken. */
export function vllmProgram(options: VllmOptions): BatchProgram {
  return {
    name: 'vllm run-batch',
    preview: ({ endpoint, files }) => bashCommand(vllmArgv(options, endpoint, files)),
    async run({ endpoint, files, record }, signal, onCounts) {
      const argv = vllmArgv(options, endpoint, files);
      const log = join(files.input, '..', `vllm-${record.number}.log`);
      signal.throwIfAborted();
      const running = await launch({ argv, log });
      const stop = () => void running.stop(GRACE);
      signal.addEventListener('abort', stop, { once: true });
      const count = new LineCount(files.output);
      const look = setInterval(() => {
        const counted = count.now().then((done) => onCounts({ state: 'running', done }));
        // It is looked at again.
        counted.catch(() => {});
      }, LOOK_MS);
      try {
        const ending = await running.ended;
        signal.throwIfAborted();
        if (ending.exitCode === 0) return '';
        const how = `${describeEnding('vllm run-batch', ending)}\nits log: ${log}`;
        if ((await count.now()) > 0) return how;
        throw new UsageError(how);
      } finally {
        clearInterval(look);
        signal.removeEventListener('abort', stop);
      }
    },
  };
}
