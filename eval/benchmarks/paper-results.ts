/** A row of the paper's tables, in percent, under the names of our columns. */
export interface PaperRow {
  model: string;
  /** By group, then by column. */
  figures: Record<string, Record<string, number>>;
  /** Shown beside ours without being asked for. */
  headline: boolean;
}

/** How many tasks stand behind a figure of the paper's. */
export const PAPER_TASKS: Readonly<Record<string, number>> = {
  BFCL: 200,
  airline: 50,
  retail: 114,
};

type Bfcl = [overall: number, base: number, func: number, param: number, long: number];
type Tau2 = [airlineAvg: number, airlinePass: number, retailAvg: number, retailPass: number];

/** The columns of the paper's BFCL table; its overall figure is their mean. */
export const PAPER_BFCL_COLUMNS = [
  'multi_turn_base',
  'multi_turn_miss_func',
  'multi_turn_miss_param',
  'multi_turn_long_context',
] as const;

/**
 * GEM (arXiv 2601.10355v1), the tables of results: BFCL V3 multi-turn, of 200 tasks a column, and tau2-bench over four
 * trials with GPT-4.1 as the user. Where the ablation table prints Qwen3-32B's base as 44.00, 34.00 is kept: it fits the
 * overall figure.
 */
export const PAPER_RESULTS: readonly PaperRow[] = [
  row('GPT-4.1', [38.88, 47.5, 32.5, 32.5, 43]),
  row('DeepSeek-V3.2-Exp', [37.38, 41.5, 39.5, 33.5, 35]),
  row('Gemini-2.5-Flash', [36.25, 41.5, 36, 32, 35.5]),
  row('Qwen3-8B', [18, 24, 17, 13.5, 17.5], [13, 18, 38.16, 66.67], true),
  row('8B APIGen-MT', [21, 25.5, 19, 25, 14.5], [23.5, 42, 42.54, 69.3]),
  row('8B Simia', undefined, [35.5, 52, 43.2, 70.18]),
  row('8B TOUCAN', [21.88, 27, 21.5, 21, 18], [20.5, 42, 26.32, 52.51]),
  row('8B MUA', [21.13, 29.5, 18, 20, 17], [20.5, 40, 30.26, 61.4]),
  row('8B GEM', [30.25, 40, 30, 28, 23], [22, 40, 44.52, 75.44], true),
  row('8B GEM, no refine', [26, 33.5, 23.5, 27, 20], [25, 36, 41.23, 74.56]),
  row('8B GEM, no judge', [27.38, 37.5, 25, 24, 23], [22, 36, 42.76, 71.05]),
  row(
    '8B synthesizer (Ultra-FineWeb)',
    [28.38, 41.5, 23.5, 27.5, 21],
    [26, 40, 42.11, 73.68],
    true,
  ),
  row('8B synthesizer (wikiHow)', [28.5, 43.5, 22, 27, 21.5], [25, 42, 39.67, 68.42], true),
  row('Qwen3-32B', [28.35, 34, 24.5, 25.5, 29.5], [21, 40, 43.2, 70.18], true),
  row('32B APIGen-MT', [29.5, 36, 27, 28.5, 26.5], [36, 52, 44.52, 74.56]),
  row('32B Simia', undefined, [38, 62, 48.03, 73.68]),
  row('32B TOUCAN', [35, 41, 37.5, 26, 35.5], [30, 52, 43.86, 72.81]),
  row('32B MUA', [26.25, 30, 25, 23, 27], [33, 54, 49.56, 80.7]),
  row('32B GEM', [44.88, 52, 40, 38.5, 49], [35.5, 56, 55.48, 86.84], true),
  row('32B GEM, no refine', [32.5, 40, 30, 27, 33], [31, 56, 40.35, 73.68]),
  row('32B GEM, no judge', [44.25, 52, 40.5, 40, 44.5], [35, 52, 56.8, 82.46]),
];

function row(model: string, bfcl?: Bfcl, tau2?: Tau2, headline = false): PaperRow {
  const figures: PaperRow['figures'] = {};
  if (bfcl !== undefined) {
    const [overall, ...columns] = bfcl;
    const named = PAPER_BFCL_COLUMNS.map((name, index) => [name, columns[index] ?? Number.NaN]);
    figures.BFCL = { overall, ...Object.fromEntries(named) };
  }
  if (tau2 !== undefined) {
    const [airlineAvg, airlinePass, retailAvg, retailPass] = tau2;
    figures.airline = { 'Avg@4': airlineAvg, 'Pass@4': airlinePass };
    figures.retail = { 'Avg@4': retailAvg, 'Pass@4': retailPass };
  }
  return { model, figures, headline };
}
