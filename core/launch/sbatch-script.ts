import { bashCommand, bashWord } from './bash-words.ts';
import { option, resources } from './sbatch-resources.ts';
import { endMark, type SlurmJob } from './slurm-job.ts';

/** The sbatch script of a job, to be read by people too. It holds no key: those go by name. */
export function sbatchScript(job: SlurmJob): string {
  const parts = [
    ['#!/bin/bash -l', `# ${job.name}, written by gem-traj. To submit it again: sbatch THIS_FILE`],
    resources(job),
    policy(job),
    environment(job),
    job.before === undefined || job.before.length === 0
      ? []
      : ['# Once, before the command', ...job.before],
    step(job),
    run(job),
    end(job),
  ];
  return `${parts
    .filter((part) => part.length > 0)
    .map((part) => part.join('\n'))
    .join('\n\n')}\n`;
}

function policy(job: SlurmJob): string[] {
  const { cluster, requeue = cluster.requeue, dependency, passEnv = [] } = job;
  const before = cluster.signal_before_s;
  const names = [...new Set([...ORDINARY_VARIABLES, ...cluster.pass_environment, ...passEnv])];
  const jobs = dependency?.jobs.join(':');
  return [
    requeue
      ? '# When preempted it goes back into the queue and starts again'
      : '# When preempted it is over',
    `#SBATCH --${requeue ? 'requeue' : 'no-requeue'}`,
    ...(before > 0
      ? [
          `# This script gets USR1 ${before} s before the time limit, in time to save`,
          ...option('signal', `B:USR1@${before}`),
        ]
      : []),
    ...option('dependency', dependency === undefined ? undefined : `${dependency.type}:${jobs}`),
    '# Variables by name; their values, keys among them, stand in no file',
    ...option('export', names.join(',')),
  ];
}

/** What a login shell on a node cannot do without. */
const ORDINARY_VARIABLES = ['HOME', 'USER', 'LOGNAME', 'SHELL', 'PATH', 'LANG'];

function environment(job: SlurmJob): string[] {
  const { cluster, env = {}, cwd } = job;
  // Python holds back what it prints to a file until some kilobytes have come together.
  const settings = Object.entries({ PYTHONUNBUFFERED: '1', ...cluster.environment, ...env });
  return [
    '# The steps of this job see what this script sees, not the short list above',
    'unset SLURM_EXPORT_ENV',
    ...(cluster.modules.length > 0 ? [`module load ${cluster.modules.join(' ')}`] : []),
    ...(cluster.scratch === undefined ? [] : [`export SCRATCH_DIR="${cluster.scratch}"`]),
    ...cluster.setup,
    ...(cluster.venv === undefined ? [] : [`source "${cluster.venv}/bin/activate"`]),
    ...settings.map(([name, value]) => `export ${name}=${bashWord(value)}`),
    `cd ${bashWord(cwd)} || exit 1`,
    `rm -f ${endMarkWord(job)}`,
    'echo "== $(date -Is) job $SLURM_JOB_ID on $SLURM_JOB_NODELIST, start $((${SLURM_RESTART_COUNT:-0} + 1))"',
  ];
}

/** The command as bash reads it on each node, in a variable; the quoted delimiter keeps the text as it is. */
function step({ command, nodes = 1 }: SlurmJob): string[] {
  const text = `exec ${bashCommand(command)}`;
  const several = [
    'export NNODES=$SLURM_JOB_NUM_NODES MASTER_ADDR=$(hostname) MASTER_PORT=$((20000 + SLURM_JOB_ID % 20000))',
  ];
  return [
    nodes > 1
      ? '# The command, run once on each node; this script runs on the first of them'
      : '# The command',
    ...(nodes > 1 ? several : []),
    `IFS= read -r -d '' step <<'${delimiter(text)}'`,
    ...(nodes > 1 ? ['export NODE_RANK=$SLURM_NODEID'] : []),
    text,
    delimiter(text),
  ];
}

function delimiter(text: string): string {
  let name = 'END_OF_STEP';
  while (text.split('\n').includes(name)) name += '_';
  return name;
}

/** After SIGTERM Slurm waits 30 s unless set; long before that a command that still saves is hurried. */
const HURRY_WHEN_ENDED_S = 10;

function run({ cluster, nodes = 1, stopSignal = 'INT', insists = false }: SlurmJob): string[] {
  const container = cluster.container === undefined ? '' : `${cluster.container} `;
  // Since 22.05 srun no longer takes over how many CPUs sbatch was asked for.
  const srun =
    'srun --ntasks-per-node=1 ${SLURM_CPUS_PER_TASK:+--cpus-per-task=$SLURM_CPUS_PER_TASK} --kill-on-bad-exit=1 ';
  const signal =
    nodes > 1 ? `scancel --signal=${stopSignal} "$SLURM_JOB_ID"` : `kill -s ${stopSignal} "$child"`;
  return [
    '# Its own process group, with interrupts as they are: bash would hide them from a background process',
    'set -m',
    `${nodes > 1 ? srun : ''}${container}bash -c "$step" &`,
    'child=$!',
    '# The command is asked to save and end; the script waits for it',
    'asked=',
    `ask() { asked=$1; echo "== $(date -Is) $1: ${stopSignal} to the command"; ${signal};${insists ? ' hurry "$2" & hurried+=" -$!";' : ''} }`,
    ...(insists
      ? [
          '# A command that has not ended in so many seconds is asked once more, to end at once',
          'hurried=',
          `hurry() { sleep "$1"; kill -0 $$ && ${signal}; } 2>/dev/null`,
        ]
      : []),
    `trap 'ask time_limit${insists ? ` ${Math.floor(cluster.signal_before_s / 2)}` : ''}' USR1`,
    `trap 'ask ended_by_slurm${insists ? ` ${HURRY_WHEN_ENDED_S}` : ''}' TERM`,
    '# A signal ends the waiting, not the command',
    'while :; do',
    '  wait "$child"; status=$?',
    '  kill -0 "$child" 2>/dev/null || break',
    'done',
    ...(insists ? ['[[ -z $hurried ]] || kill -- $hurried 2>/dev/null'] : []),
  ];
}

function end(job: SlurmJob): string[] {
  const requeue = [
    '# Not done by the time limit: back into the queue, to go on from what was saved',
    'if [[ $asked == time_limit && $status -ne 0 ]]; then',
    '  echo "== $(date -Is) going back into the queue"',
    '  # Slurm ends this script; if it ended by itself first, that would be the end of the job',
    `  scontrol requeue "${jobId(job)}" && while :; do sleep 60; done`,
    'fi',
  ];
  return [
    ...(job.requeueAtTimeLimit === true ? requeue : []),
    '# How it ended, for those who ask after Slurm has forgotten the job',
    'echo "== $(date -Is) the command ended with $status"',
    `echo "$status" >${endMarkWord(job)}`,
    'exit "$status"',
  ];
}

/** The mark's path for bash; a task of an array has a mark of its own. */
function endMarkWord(job: SlurmJob): string {
  return `${bashWord(`${job.folder}/`)}"${endMark(job.name, jobId(job))}"`;
}

/** One task of an array has the array's number for its SLURM_JOB_ID: by that all the tasks would be meant. */
function jobId({ array }: Pick<SlurmJob, 'array'>): string {
  return array === undefined ? '$SLURM_JOB_ID' : '${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID';
}
