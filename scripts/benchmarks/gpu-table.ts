import { z } from 'zod';
import { asRecipe, type Setting } from './gpu-settings.ts';
import { table } from './table.ts';

const Measured = z.object({
  seconds: z.number(),
  peak_gb: z.number(),
  loss: z.number(),
  trained: z.number(),
  device: z.string(),
  versions: z.record(z.string(), z.string()),
});
/** What gpu.py says of a setting. */
export const Answer = z.union([Measured, z.object({ error: z.string() })]);
export type Answer = z.infer<typeof Answer>;

/** A setting and what came of it. */
export interface Line {
  setting: Setting;
  answer: Answer;
  tokensPerSecond: number | null;
  /** Share of what the GPU could do at most. */
  utilisation: number | null;
}

const HEAD = ['variant', 'method', 'tokens', 's a step', 'tokens/s', 'MFU', 'peak GB'];

/** The table, why some lines have no figures, and the fastest of each method and length. */
export function printed(lines: readonly Line[]): string {
  const ends = [...reasons(lines), ...fastest(lines)].map((line) => `${line}\n`);
  return `${table(HEAD, lines.map(cells))}\n${ends.join('')}`;
}

/** As lines of the table begin. */
export function nameOf({ variant, method, length }: Setting): string {
  return `${variant} ${method} ${length}`;
}

function cells({ setting, answer, tokensPerSecond, utilisation }: Line): string[] {
  const what = [setting.variant, setting.method, String(setting.length)];
  if ('error' in answer || tokensPerSecond === null) return [...what, '-', '-', '-', '-'];
  return [
    ...what,
    answer.seconds.toFixed(2),
    tokensPerSecond.toFixed(0),
    utilisation === null ? '?' : `${(100 * utilisation).toFixed(1)}%`,
    answer.peak_gb.toFixed(1),
  ];
}

/** Why settings have no figures, the same reason once. */
function reasons(lines: readonly Line[]): string[] {
  const found = lines.flatMap(({ setting, answer }) =>
    'error' in answer ? [{ name: nameOf(setting), why: answer.error }] : [],
  );
  return [...new Set(found.map(({ why }) => why))].map((why) => {
    const names = found.filter((one) => one.why === why).map(({ name }) => name);
    return `not measured: ${names.join('; ')}: ${why}`;
  });
}

/** For each method and length, in the words of a recipe. */
function fastest(lines: readonly Line[]): string[] {
  const groupOf = ({ setting: { method, length } }: Line) => `${method}, ${length} tokens`;
  return [...new Set(lines.map(groupOf))].map((name) => {
    const [best] = lines
      .filter((line) => groupOf(line) === name && line.tokensPerSecond !== null)
      .sort((a, b) => (b.tokensPerSecond ?? 0) - (a.tokensPerSecond ?? 0));
    return `fastest of ${name}: ${best === undefined ? 'none fits' : asRecipe(best.setting)}`;
  });
}
