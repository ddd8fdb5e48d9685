import { execa } from 'execa';
import { MARK } from './process-tree.ts';

/** Watches over one process from outside. */
export interface Guard {
  /** The process group to end beside all that bears the mark. */
  watch(group: number): void;
  /** All is over: there is nothing left to watch. */
  dismiss(): void;
}

/**
 * Starts a guard, before the process that will bear the mark. When this program is gone without a word (kill -9, out
 * of memory), the pipe to the guard closes, and it ends the process and all that came of it.
 */
export function startGuard(mark: string): Guard {
  const guard = execa('/bin/sh', ['-c', GUARD, 'gem-traj-guard', `${MARK}=${mark}`], {
    stdin: 'pipe',
    stdout: 'ignore',
    stderr: 'ignore',
    // In a session of its own, so that Ctrl-C does not reach it.
    detached: true,
    cleanup: false,
    reject: false,
  });
  // It must not keep this program from ending.
  guard.unref();
  guard.stdin.on('error', () => {});
  if ('unref' in guard.stdin && typeof guard.stdin.unref === 'function') guard.stdin.unref();
  return {
    watch: (group) => void guard.stdin.write(`group ${group}\n`),
    dismiss: () => void guard.stdin.end('over\n'),
  };
}

/** $1 is the mark as it stands in an environment. The end of the standard input means that we died. */
const GUARD = `
group=
while read -r word value; do
  case $word in
    over) exit 0 ;;
    group) group=$value ;;
  esac
done
signal_all() {
  if [ -n "$group" ]; then kill -s "$1" -- "-$group" 2>/dev/null; fi
  for file in $(grep -lsF "$2" /proc/[0-9]*/environ 2>/dev/null); do
    pid=\${file#/proc/}
    kill -s "$1" "\${pid%/environ}" 2>/dev/null
  done
}
signal_all TERM "$1"
sleep 5
signal_all KILL "$1"
`;
