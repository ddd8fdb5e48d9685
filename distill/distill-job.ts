import type { ChatTokenizer } from '../core/text/tokenizer.ts';
import type { DatasetTask } from './dataset-row.ts';
import type { Screen } from './decontaminate/screen.ts';
import type { Trainer } from './layouts/layout.ts';
import type { DistillRules } from './rules.ts';
import type { SourceRun } from './source-runs.ts';

/** What a dataset is asked to be, with everything that it needs opened. */
export interface DistillJob {
  name: string;
  out: string;
  task: DatasetTask;
  sources: SourceRun[];
  trainers: Trainer[];
  /** Whether to write data/*.parquet and arrow/ too. */
  columnar: boolean;
  /** Null where tokens can only be estimated. */
  tokenizer: ChatTokenizer | null;
  screen: Screen | null;
  /** As given: names and files. */
  decontaminate: string[];
  /** The endpoint whose embeddings are compared too. */
  embeddings: string | null;
  maxTokens: number;
  /** Share of the documents. */
  validation: number;
  /** Number of documents. */
  test: number;
  seed: number;
  rules: DistillRules;
  /** Told of every row. */
  onProgress: (step: DistillStep, rows: number) => void;
}

export type DistillStep = 'measured' | 'written';
