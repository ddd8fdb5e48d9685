/**
 * How long the offline teacher's conversations are: paper has the paper's lengths; compact is one matter in about 800
 * tokens; brief is one matter with two tools and at most one pattern, for models that a laptop trains.
 */
export const SIZES = ['brief', 'compact', 'paper'] as const;
export type Size = (typeof SIZES)[number];
