// Times the steps of distill over the rows of a run: distill-job.js RUN. Ends with a line
// {"rows":N,"steps":{NAME:S}}: S the CPU seconds of a step alone.

import { defaultTokenizer } from '../../core/text/tokenizer.ts';
import type { Trajectory } from '../../core/trajectory.ts';
import { createDecontaminator } from '../../distill/decontaminate/decontaminator.ts';
import { LAYOUTS } from '../../distill/layouts/layouts.ts';
import { makeRow, recheck } from '../../distill/pairs.ts';
import { DistillRules } from '../../distill/rules.ts';
import { decide } from '../../distill/select/decide.ts';
import { groupDocuments } from '../../distill/select/document-groups.ts';
import { measureRow, newMeasureStore, type RowMeasure } from '../../distill/select/measure.ts';
import { personalDataOf } from '../../distill/select/personal-data/of-row.ts';
import { openSources, sourceRows } from '../../distill/source-runs.ts';
import { measureTokens } from '../../distill/tokens.ts';

const [run = ''] = process.argv.slice(2);
const steps: Record<string, number> = {};

/** Adds what a step took to its name. */
function timed<T>(name: string, step: () => T): T {
  const before = process.cpuUsage();
  const value = step();
  const { user, system } = process.cpuUsage(before);
  steps[name] = (steps[name] ?? 0) + (user + system) / 1e6;
  return value;
}

const rules = DistillRules.parse({});
const tokenizer = await defaultTokenizer(undefined);
const decontaminator = await createDecontaminator(['bfcl', 'tau2'], rules.decontamination);
const sources = await openSources([run], {
  allowOffline: true,
  allowMixed: false,
  takeAccepted: false,
});
const measures: RowMeasure[] = [];
const store = newMeasureStore(rules);
const reading = process.cpuUsage();
const rows: Trajectory[] = [];
for await (const { row } of sourceRows(sources, rules)) rows.push(row);
const read = process.cpuUsage(reading);
steps.read = (read.user + read.system) / 1e6;
for (const row of rows) {
  const made = timed('pair', () => makeRow(row, 'synthesizer'));
  if (!made.ok) throw new Error(`${row.id}: ${made.reason}`);
  timed('checks', () => recheck(row, made.conversation, 'English'));
  timed('personal data', () => personalDataOf(row, rules.personal_data));
  timed('tokens', () => measureTokens(made.row, tokenizer));
  timed('decontaminate', () => decontaminator.hits(row));
  measures.push(timed('minhash', () => measureRow(row, rules, store)));
  timed('layouts', () => {
    for (const layout of Object.values(LAYOUTS))
      JSON.stringify(layout.line(made.row, 'synthesizer'));
  });
}
const limits = { maxTokens: null, seed: 0 };
const decisions = timed('choose', () => decide(measures, rules, limits));
timed('split', () => groupDocuments(measures, rules));
const kept = decisions.filter((decision) => decision.kept).length;
process.stdout.write(`${JSON.stringify({ rows: rows.length, kept, steps })}\n`);
