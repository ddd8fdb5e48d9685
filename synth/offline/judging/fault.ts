import type { JudgeAnswer } from '../../stages/judge.ts';

/** A defect that the judge found. */
export interface Fault {
  rubric: keyof JudgeAnswer['rubrics'];
  message: number;
  reason: string;
}
