import { ablationBlocks } from '../../ablate/blocks.ts';
import type { ExperimentReport } from './experiment-report.ts';
import type { ExperimentPart } from './part.ts';

/** Each ablation: what each variant is, what it shares, how it differs from the first, beside the paper's. */
export function ablationPart({ ablations, comparisons }: ExperimentReport): ExperimentPart[] {
  return ablations.map(({ place, ablation }, index) => {
    const compared = comparisons.find((one) => one.place === place)?.comparison ?? null;
    const [title, ...blocks] = ablationBlocks(ablation, compared);
    const names = title?.kind === 'title' ? `${title.text}.` : '';
    return {
      id: `ablation${index === 0 ? '' : `-${index + 1}`}`,
      title: `Ablation${ablations.length === 1 ? '' : ` ${index + 1}`}`,
      blocks: [{ kind: 'text', text: names }, ...blocks],
    };
  });
}
