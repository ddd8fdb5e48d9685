import { hashValue } from '../../core/hash.ts';
import type { StageName } from '../../core/trajectory.ts';
import { activeStages, type SynthConfig } from '../../synth/config.ts';
import { type CorpusMeasure, estimateFromPaper, type StageEstimate } from '../../synth/estimate.ts';
import type { PlannedRun } from './plan.ts';

/** What a run is expected to ask, and how much of it an earlier run of the ablation has asked already. */
export interface RunEstimate {
  stages: (StageEstimate & { shared_requests: number; shared_usd: number })[];
}

/**
 * Estimates each run in the order in which they go, by the paper's shares and lengths. Two runs share a stage's
 * requests where its settings, and those of all stages that make its input, are the same.
 */
export function estimateRuns(runs: readonly PlannedRun[], measure: CorpusMeasure): RunEstimate[] {
  const asked = new Map<string, number>();
  return runs.map((run) => {
    const stages = estimateFromPaper(run.config, run.endpoints, measure).map((estimate) => {
      const key = inputKey(estimate.stage, run);
      const before = asked.get(key) ?? 0;
      const shared = Math.min(before, estimate.requests);
      asked.set(key, Math.max(before, estimate.requests));
      const share = estimate.requests === 0 ? 0 : shared / estimate.requests;
      return { ...estimate, shared_requests: shared, shared_usd: share * estimate.cost_usd };
    });
    return { stages };
  });
}

/** The stages whose answers make another's input; those that are off have no part in it. */
const MAKERS: Readonly<Record<StageName, readonly StageName[]>> = {
  filter: [],
  extract: ['filter'],
  generate: ['filter', 'extract'],
  refine: ['filter', 'extract', 'generate'],
  synthesize: ['filter'],
  judge: ['filter', 'extract', 'generate', 'refine', 'synthesize'],
  repair: ['filter', 'extract', 'generate', 'refine', 'synthesize', 'judge'],
};

/** What mending is asked for depends on what turns candidates down. */
const OF_REPAIR = ['gate', 'check', 'repair', 'repair_by'];
const OF_CANDIDATES = ['workflows_per_passage', 'drop_domains', 'language', 'candidates'];

function inputKey(stage: StageName, { config, parts }: PlannedRun): string {
  const active = activeStages(config);
  const makers = [...MAKERS[stage], stage].filter((name) => active.includes(name));
  const keys = Object.keys(parts).filter(
    (key) =>
      makers.some((name) => key.startsWith(`stages.${name}.`)) ||
      (stage !== 'filter' && OF_CANDIDATES.includes(key)) ||
      key.startsWith('corpus.') ||
      (stage === 'repair' && OF_REPAIR.includes(key)),
  );
  return hashValue([stage, methodOf(stage, config), keys.map((key) => [key, parts[key]])]);
}

/** The filter is asked the same whoever goes on; a synthesizer's candidates are others than the pipeline's. */
function methodOf(stage: StageName, { method }: SynthConfig): string {
  return stage === 'filter' || stage === 'extract' ? '' : method;
}
