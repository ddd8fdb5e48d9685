import { randomSource } from '../../../core/stats/random.ts';
import { PAPER_BFCL_COLUMNS } from '../../../eval/benchmarks/paper-results.ts';
import { type Scores, withFigures } from '../../../eval/benchmarks/scores.ts';

/** Right or wrong for so many tasks, the same for the same seed. */
export function bits(seed: string, tasks: number, chance: number): Record<string, number> {
  const random = randomSource(seed);
  return Object.fromEntries(
    Array.from({ length: tasks }, (_, task) => [`t${task}`, random() < chance ? 1 : 0]),
  );
}

/** What a checkpoint scored, as `eval bfcl` keeps it. */
export function bfclScores(seed: string, data: string, chance: number, label = seed): Scores {
  return withFigures({
    schema_version: 1,
    benchmark: 'bfcl',
    label,
    model: 'm',
    measured_with: { 'bfcl-eval': '1', data },
    complete: true,
    whole: true,
    columns: PAPER_BFCL_COLUMNS.map((name) => ({
      group: 'BFCL',
      name,
      planned: 200,
      answered: 200,
      values: bits(`${seed} ${name}`, 200, chance),
    })),
    means: [{ group: 'BFCL', name: 'overall', of: [...PAPER_BFCL_COLUMNS] }],
  });
}
