import { adapterCount, type ModelShape, weightCount } from '../../train/preflight/model-shape.ts';

/**
 * The calculations that a training step cannot do without, for one token of a row of so many; what activation
 * checkpointing does a second time is not counted. `adapterRank` null: all weights are trained.
 *
 * A weight of a matrix takes 2 going forward, 2 for the gradient of its input and 2 for its own, which frozen weights
 * do without. A layer's attention takes 4 x heads x head size for each token that is looked back at, half of the row on
 * average, and twice that going backward.
 */
export function modelFlopsPerToken(
  shape: ModelShape,
  rowTokens: number,
  adapterRank: number | null,
): number {
  const { layers, heads, headDim, vocabulary, hidden, tied } = shape;
  // Looking up a row of the embedding is no calculation; the output layer is one.
  const weights = weightCount(shape) - (tied ? 0 : vocabulary * hidden);
  const attention = 3 * layers * 4 * heads * headDim * (rowTokens / 2);
  if (adapterRank === null) return 6 * weights + attention;
  return 4 * weights + 6 * adapterCount(shape, adapterRank) + attention;
}
