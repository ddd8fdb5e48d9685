import type { LengthName } from './lengths.ts';

/** A published figure of accepted trajectories; the median where there is one. */
export interface PaperFigure {
  mean: number;
  median: number | null;
}

type Figures = Partial<Record<LengthName, PaperFigure>>;

/** GEM, Table 5: after refinement. */
const REFINED: Figures = {
  messages: { mean: 46.1, median: 41 },
  tools: { mean: 8.6, median: 8 },
  calls: { mean: 16.3, median: 13 },
};

/** GEM, Table 5: as generated, before refinement. */
const UNREFINED: Figures = {
  messages: { mean: 30.05, median: null },
  tools: { mean: 5.01, median: null },
  calls: { mean: 7.83, median: null },
};

/** The paper's figure that a run's distribution is to be held against, if it has one. */
export function paperFigure(name: LengthName, refined: boolean): PaperFigure | undefined {
  return (refined ? REFINED : UNREFINED)[name];
}
