import { readFile } from 'node:fs/promises';
import { globSync } from 'tinyglobby';
import { z } from 'zod';
import type { ScoreColumn } from '../scores.ts';
import type { BfclPlan } from './plan.ts';

const Header = z.object({ correct_count: z.number(), total_count: z.number() });
const Entry = z.object({ id: z.string() });

/**
 * The columns of the categories from the harness's files under its root: who was answered from result/, what was wrong
 * from score/, whose first line counts and whose others are the wrong entries.
 */
export async function bfclColumns(root: string, plan: BfclPlan): Promise<ScoreColumn[]> {
  const columns: ScoreColumn[] = [];
  for (const [category, ids] of Object.entries(plan.ids)) {
    const file = `${plan.data}_${category}`;
    const answered = (await linesOf(root, `result/**/${file}_result.json`))
      .map((line) => Entry.parse(line).id)
      .filter((id) => ids.includes(id));
    columns.push({
      group: 'BFCL',
      name: category,
      planned: ids.length,
      answered: answered.length,
      values: answered.length === 0 ? {} : await values(root, file, answered),
    });
  }
  return columns;
}

/** Whether the harness has any answer to score. */
export function hasResults(root: string): boolean {
  return globSync('result/**/*_result.json', { cwd: root }).length > 0;
}

async function values(
  root: string,
  file: string,
  answered: readonly string[],
): Promise<Record<string, number>> {
  const [head, ...failures] = await linesOf(root, `score/**/${file}_score.json`);
  const { correct_count: correct, total_count: total } = Header.parse(head);
  const wrong = new Set(failures.map((line) => Entry.parse(line).id));
  if (total !== answered.length || correct !== answered.length - wrong.size)
    throw new Error(
      `${file}_score.json counts ${correct} of ${total}, its entries say ${answered.length - wrong.size} of ${answered.length}`,
    );
  return Object.fromEntries(answered.map((id) => [taskOf(id), wrong.has(id) ? 0 : 1]));
}

/** The four multi-turn categories are variants of the same 200 tasks. */
function taskOf(id: string): string {
  return id.replace(/^multi_turn_.*_(\d+)$/, 'multi_turn_$1');
}

/** The lines of the one file that fits; none where there is no file. */
async function linesOf(root: string, pattern: string): Promise<unknown[]> {
  const [path, ...others] = globSync(pattern, { cwd: root, absolute: true });
  if (others.length > 0) throw new Error(`several files fit ${pattern} under ${root}`);
  if (path === undefined) return [];
  const lines = (await readFile(path, 'utf8')).split('\n').filter((line) => line.trim() !== '');
  return lines.map((line) => JSON.parse(line));
}
