import type { BashWord } from './bash-words.ts';
import type { Cluster } from './cluster.ts';

/** What is to be run by Slurm. */
export interface SlurmJob {
  /** Letters, digits, dots, dashes and underscores. */
  name: string;
  cluster: Cluster;
  /** Absolute; gets the script, the log and the mark of the end. The nodes must see it. */
  folder: string;
  /** Absolute; where the command runs. */
  cwd: string;
  /** The command; on several nodes it runs once on each, with NODE_RANK set. */
  command: readonly BashWord[];
  /** Lines of bash before the command, once, on the first node; what they export the command sees. */
  before?: readonly string[];
  /** Settings that may be read by anybody who reads the script. */
  env?: Readonly<Record<string, string>>;
  /** Names of variables that the job takes over from where it is submitted: keys. */
  passEnv?: readonly string[];
  /** 1 unless given. */
  nodes?: number;
  /** The cluster's unless given. */
  gpusPerNode?: number;
  timeLimit?: string;
  /** Tasks 0 to `tasks` - 1, or those of `ids`. */
  array?: { tasks: number; ids?: readonly number[]; atOnce?: number };
  dependency?: { type: 'afterok' | 'afternotok' | 'afterany' | 'after'; jobs: readonly string[] };
  /** Put back into the queue when preempted; the cluster's unless given. */
  requeue?: boolean;
  /** After the signal before the time limit: put back into the queue, unless the command has ended well. */
  requeueAtTimeLimit?: boolean;
  /** Whether a command that goes on after the signal gets it again in time: what takes a second one as a hurry. */
  insists?: boolean;
  /** What the command gets then, and when the job is ended from outside; INT unless given: trainers save on it. */
  stopSignal?: 'INT' | 'TERM' | 'USR1';
}

/** The name of the file that a job writes into its folder when it has ended: its exit status, one number. */
export function endMark(name: string, job: string): string {
  return `${name}-${job}.ended`;
}

/** The name of the log file of a job, or of a task of an array (id `7_2`). */
export function jobLog(name: string, job: string): string {
  return `${name}-${job}.log`;
}
