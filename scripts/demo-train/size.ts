/** How much of everything a demo does. */
export interface DemoSize {
  /** Each seed is a run of the pipeline over the documents to learn from. */
  seeds: readonly number[];
  workflowsPerPassage: number;
  /** Passages of each run at most; null: all. */
  passages: number | null;
  heldOutPassages: number | null;
  /** Over the recipe; a reader sees them in the command. */
  recipeSettings: readonly string[];
  /** The longest answer of the synthesizer, in tokens; null: the configuration's. */
  answerTokens: number | null;
  /** Seconds of each step on two idle cores. */
  seconds: Readonly<Record<StepName, number>>;
}

export type StepName =
  | 'environments'
  | 'pipeline'
  | 'distill'
  | 'train'
  | 'synthesize'
  | 'baseline'
  | 'compare'
  | 'report';

/** About 200 rows are learned from, and every document that was held out is tried. */
export const WHOLE: DemoSize = {
  seeds: [1, 2],
  workflowsPerPassage: 2,
  passages: null,
  heldOutPassages: null,
  recipeSettings: [],
  answerTokens: null,
  seconds: {
    environments: 150,
    pipeline: 12,
    distill: 5,
    train: 1160,
    synthesize: 960,
    baseline: 10,
    compare: 5,
    report: 5,
  },
};

/** All steps in a few minutes: what is learned in three steps is no use, and the outcome says so. */
export const QUICK: DemoSize = {
  seeds: [1],
  workflowsPerPassage: 1,
  passages: 16,
  heldOutPassages: 4,
  recipeSettings: ['max_steps=3', 'batch_size=1', 'save_steps=1'],
  answerTokens: 120,
  seconds: {
    environments: 150,
    pipeline: 8,
    distill: 4,
    train: 60,
    synthesize: 60,
    baseline: 5,
    compare: 5,
    report: 5,
  },
};
