// Checks the rows of a file once: check-job.js FILE structure|all. Ends with a line
// {"rows":N,"cpu":S,"found":F}: S the CPU seconds of reading and checking, without the start of the process.

import { CALL_CHECKS } from '../../synth/check/calls.ts';
import { CONTENT_CHECKS } from '../../synth/check/content.ts';
import { checkFileRow } from '../../synth/check/files/check-row.ts';
import { rowsOfFiles } from '../../synth/check/files/file-rows.ts';
import { MARKUP_CHECKS } from '../../synth/check/markup.ts';
import { MESSAGE_CHECKS } from '../../synth/check/messages.ts';
import { readRow } from '../../synth/check/read-row.ts';
import type { CheckContext } from '../../synth/check/row.ts';
import { TOOL_CHECKS } from '../../synth/check/tools.ts';
import { TURN_CHECKS } from '../../synth/check/turns.ts';

const STRUCTURE = [
  ...TOOL_CHECKS,
  ...MESSAGE_CHECKS,
  ...TURN_CHECKS,
  ...CALL_CHECKS,
  ...MARKUP_CHECKS,
  ...CONTENT_CHECKS,
];

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
  return STRUCTURE.reduce((sum, check) => sum + [...check.find(row)].length, 0);
}
