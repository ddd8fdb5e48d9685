import type { Block } from '../../compare/block.ts';
import type { Markup } from '../markup.ts';

/** A part of the report over several folders. */
export interface ExperimentPart {
  id: string;
  title: string;
  /** What it says, in report.md too. */
  blocks: Block[];
  /** Charts and folds that the page has after the blocks. */
  page?: Markup;
  /** Where the page says the same in another way: then its `page` stands in place of the blocks. */
  isDrawn?: boolean;
}
