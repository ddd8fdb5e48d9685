// Checks the rows of a file once: check-job.js FILE structure|all. Ends with a line
// {"rows":N,"cpu":S,"found":F}: S the CPU seconds of reading and checking, without the start of the process.

import { checkFileRow } from '../../synth/check/files/check-row.ts';
import { rowsOfFiles } from '../../synth/check/files/file-rows.ts';
import { readRow } from '../../synth/check/read-row.ts';
import type { CheckContext } from '../../synth/check/row.ts';
import { STRUCTURE_CHECKS } from '../../synth/check/run-checks.ts';

const [file = '', part = 'all'] = process.argv.slice(2);
const options = { profile: 'foreign', language: 'English' } as const;
const before = process.cpuUsage();
let rows = 0;
let found = 0;
for await (const { row, place } of rowsOfFiles([file], 'auto')) {
  rows += 1;
  if (part === 'all') found += checkFileRow(row, place, options).findings.length;
  else if (row.conversation !== null)
    found += structureFindings({ ...options, refined: true, conversation: row.conversation });
}
const { user, system } = process.cpuUsage(before);
process.stdout.write(`${JSON.stringify({ rows, cpu: (user + system) / 1e6, found })}\n`);

function structureFindings(context: CheckContext): number {
  const row = readRow(context);
  return STRUCTURE_CHECKS.reduce((sum, check) => sum + [...check.find(row)].length, 0);
}
