/** A job, or one task of an array, as Slurm sees it. */
export interface JobState {
  /** `7`, or `7_2` for a task of an array. */
  id: string;
  /** Slurm's word: PENDING, RUNNING, COMPLETED, FAILED, CANCELLED, TIMEOUT, ... */
  state: string;
  /** Why it waits or ended (Priority, Resources, NonZeroExitCode, ...); empty when there is no reason. */
  reason: string;
  isOver: boolean;
  exitCode: number | null;
  /** How often it was put back into the queue. */
  restarts: number;
  /** As Slurm prints them, [days-]hh:mm:ss. */
  runTime: string;
  timeLimit: string;
  /** Empty while it waits. */
  nodes: string;
}

/** One line of `scontrol show job --oneliner`; tasks of an array that wait share one. */
export function parseJob(line: string): JobState[] {
  const field = (name: string): string =>
    new RegExp(`(?:^| )${name}=(\\S*)`).exec(line)?.[1]?.replace(/^\((?:null|None)\)$/, '') ?? '';
  const state = field('JobState');
  const isOver = !NOT_OVER.has(state);
  const reason = field('Reason');
  const row = {
    state,
    reason: reason === 'None' ? '' : reason,
    isOver,
    exitCode: isOver ? exitCodeOf(field('ExitCode')) : null,
    restarts: Number(field('Restarts') || 0),
    runTime: field('RunTime'),
    timeLimit: field('TimeLimit'),
    nodes: field('NodeList'),
  };
  const array = field('ArrayJobId');
  if (array === '') return [{ id: field('JobId'), ...row }];
  return tasksOf(field('ArrayTaskId')).map((task) => ({ id: `${array}_${task}`, ...row }));
}

/** One line of `sacct --parsable2` with the columns of ACCOUNTED. */
export function parseAccounted(line: string): JobState {
  const [id = '', words = '', exit = '', runTime = '', timeLimit = '', nodes = ''] =
    line.split('|');
  // `CANCELLED by 1000`.
  const state = words.split(' ')[0] ?? '';
  const isOver = !NOT_OVER.has(state);
  const exitCode = isOver ? exitCodeOf(exit) : null;
  return { id, state, reason: '', isOver, exitCode, restarts: 0, runTime, timeLimit, nodes };
}

/** The columns that parseAccounted reads. */
export const ACCOUNTED = 'JobID,State,ExitCode,Elapsed,Timelimit,NodeList';

const NOT_OVER = new Set([
  'PENDING',
  'CONFIGURING',
  'RUNNING',
  'COMPLETING',
  'SUSPENDED',
  'STOPPED',
  'SIGNALING',
  'STAGE_OUT',
  'RESIZING',
  'REQUEUED',
  'REQUEUE_FED',
  'REQUEUE_HOLD',
  'SPECIAL_EXIT',
  'RESV_DEL_HOLD',
]);

/** `3`, `1,4-6%2`, `0-8:4`. */
function tasksOf(range: string): number[] {
  return range
    .replace(/%\d+$/, '')
    .split(',')
    .flatMap((part) => {
      const [, from = '0', to = from, step = '1'] =
        /^(\d+)(?:-(\d+))?(?::(\d+))?$/.exec(part) ?? [];
      const count = Math.floor((Number(to) - Number(from)) / Number(step)) + 1;
      return Array.from({ length: count }, (_, index) => Number(from) + index * Number(step));
    });
}

/** `STATUS:SIGNAL`; as a shell has it, a signal counts from 128. */
function exitCodeOf(text: string): number {
  const [status = 0, signal = 0] = text.split(':').map(Number);
  return signal > 0 ? 128 + signal : status;
}
