import { expect, test } from 'vitest';
import {
  fromColumns,
  REJECTION_COLUMNS,
  TRAJECTORY_COLUMNS,
  toColumns,
} from '../../core/columns.ts';
import { Rejection, Trajectory } from '../../core/trajectory.ts';
import { exampleRejections, exampleTrajectories } from './example-rows.ts';

test('the columns are the fields of the row, in order', () => {
  expect(TRAJECTORY_COLUMNS.map(({ name }) => name)).toEqual(Object.keys(Trajectory.shape));
  expect(REJECTION_COLUMNS.map(({ name }) => name)).toEqual(Object.keys(Rejection.shape));
});

test('a row and its columns are the same', () => {
  for (const row of [...exampleTrajectories(40), ...exampleRejections(12)]) {
    expect(fromColumns(toColumns(row))).toEqual(row);
  }
});

test('lists of no calls and ids of none are absent again, as readers give them', () => {
  const [row] = exampleTrajectories(1);
  if (row === undefined) throw new Error('no row');
  const columns = toColumns(row);
  const padded = row.messages.map((message) => ({
    tool_calls: [],
    tool_call_id: null,
    ...message,
  }));
  expect(fromColumns({ ...columns, messages: padded, rejected_by: null, reason: null })).toEqual(
    row,
  );
});

test('values that are no row are refused', () => {
  expect(() => fromColumns({ id: 'x' })).toThrow('schema_version');
});

test('a row from before there was mending is a row that was not mended', () => {
  const [row] = exampleTrajectories(2).slice(1);
  if (row === undefined) throw new Error('no row');
  const { repair: _later, ...old } = row;
  expect(Trajectory.parse(old)).toEqual({ ...row, repair: null });
  const { repair: _too, ...columns } = toColumns(row);
  expect(fromColumns(columns)).toEqual({ ...row, repair: null });
});
