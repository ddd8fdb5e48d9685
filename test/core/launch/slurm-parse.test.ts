import { expect, it } from 'vitest';
import { parseAccounted, parseJob } from '../../../core/launch/slurm-parse.ts';

const line = (fields: string) =>
  `JobId=8 ${fields} UserId=root(0) Priority=1 Requeue=1 Restarts=2 RunTime=00:01:05 TimeLimit=1-00:00:00 NodeList=node[1-2] Command=/a b/State=x`;

it.each([
  [
    'JobName=t JobState=RUNNING Reason=None ExitCode=0:0',
    { state: 'RUNNING', reason: '', isOver: false, exitCode: null },
  ],
  [
    'JobName=t JobState=FAILED Reason=NonZeroExitCode ExitCode=3:0',
    { state: 'FAILED', reason: 'NonZeroExitCode', isOver: true, exitCode: 3 },
  ],
  [
    'JobName=t JobState=CANCELLED Reason=None ExitCode=0:15',
    { state: 'CANCELLED', isOver: true, exitCode: 143 },
  ],
  [
    'JobName=t JobState=PENDING Reason=Priority ExitCode=0:0',
    { state: 'PENDING', reason: 'Priority', isOver: false },
  ],
])('scontrol: %s', (fields, wanted) => {
  expect(parseJob(line(fields))).toEqual([
    expect.objectContaining({
      id: '8',
      restarts: 2,
      runTime: '00:01:05',
      timeLimit: '1-00:00:00',
      nodes: 'node[1-2]',
      ...wanted,
    }),
  ]);
});

it('tasks of an array that wait share a line', () => {
  const states = parseJob(
    line('ArrayJobId=7 ArrayTaskId=1,4-6,10-20:5%2 JobState=PENDING Reason=Resources ExitCode=0:0'),
  );
  expect(states.map(({ id }) => id)).toEqual(['7_1', '7_4', '7_5', '7_6', '7_10', '7_15', '7_20']);
});

it('sacct: who cancelled a job is not part of its state', () => {
  expect(parseAccounted('7_2|CANCELLED by 1000|0:9|00:00:10|00:30:00|node1')).toEqual({
    id: '7_2',
    state: 'CANCELLED',
    reason: '',
    isOver: true,
    exitCode: 137,
    restarts: 0,
    runTime: '00:00:10',
    timeLimit: '00:30:00',
    nodes: 'node1',
  });
});
