import { hashValue } from '../core/hash.ts';
import type { Asker } from '../core/llm/asker.ts';
import type { Passage } from '../core/passage.ts';
import type { Method, StageProvenance, Trajectory } from '../core/trajectory.ts';
import { askStage, type StageResult, type StageSetup } from './ask-stage.ts';
import type { SynthConfig } from './config.ts';
import type { StageSetups } from './setups.ts';

/** What all passages of a run share. */
export interface PipelineRun {
  config: SynthConfig;
  setups: StageSetups;
  engine: Asker;
  fingerprint: string;
  /** The name of the endpoint that generates, `offline` for the offline teacher; a synthesizer's rows name its own. */
  teacher: string;
}

/** Asks a stage about a passage; `sampleIndex` tells candidates of one passage apart. */
export function ask<Input, Value>(
  run: PipelineRun,
  setup: StageSetup<Input, Value>,
  input: Input,
  passage: Passage,
  sampleIndex = 0,
): Promise<StageResult<Value>> {
  return askStage(setup, input, { engine: run.engine, passage: passage.id, sampleIndex });
}

/** Stable: the same passage, workflow, method and settings give the same id in every run. */
export function rowId(
  passageId: string,
  {
    workflow_index,
    candidate_index,
    method,
    config_fingerprint,
  }: Pick<
    Trajectory['provenance'],
    'workflow_index' | 'candidate_index' | 'method' | 'config_fingerprint'
  >,
): string {
  const parts = [passageId, workflow_index, candidate_index, method, config_fingerprint];
  return hashValue(parts).slice(0, 20);
}

/** Which of a passage's candidates a row is. */
export interface CandidateNumber {
  method: Method;
  workflow: number;
  /** Which of a synthesizer's samples; 0 in the pipeline. */
  sample: number;
}

/** A row's id, and where it came from: the run's settings, and what each stage asked and cost. */
export function identityOf(
  run: PipelineRun,
  passage: Passage,
  { method, workflow, sample }: CandidateNumber,
  stages: StageProvenance[],
): Pick<Trajectory, 'id' | 'provenance'> {
  const { refine, check, judge, method: ofRun } = run.config;
  const provenance: Trajectory['provenance'] = {
    method,
    ...(method === ofRun ? {} : { fallback: true }),
    teacher: method === 'pipeline' ? run.teacher : run.setups.synthesize.endpoint.name,
    config_fingerprint: run.fingerprint,
    ablation: { refine, check, judge },
    workflow_index: workflow,
    candidate_index: sample,
    stages,
  };
  return { id: rowId(passage.id, provenance), provenance };
}
