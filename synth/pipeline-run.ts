import { hashValue } from '../core/hash.ts';
import type { Engine } from '../core/llm/engine.ts';
import type { Passage } from '../core/passage.ts';
import type { StageProvenance, Trajectory } from '../core/trajectory.ts';
import { askStage, type StageResult, type StageSetup } from './ask-stage.ts';
import type { SynthConfig } from './config.ts';
import type { StageSetups } from './setups.ts';

/** What all passages of a run share. */
export interface PipelineRun {
  config: SynthConfig;
  setups: StageSetups;
  engine: Engine;
  fingerprint: string;
  /** The name of the endpoint that generates: `offline` for the offline teacher. */
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

/** The id of a candidate of this run. */
export function candidateId(run: PipelineRun, passage: Passage, workflowIndex: number): string {
  return rowId(passage.id, {
    workflow_index: workflowIndex,
    candidate_index: 0,
    method: 'pipeline',
    config_fingerprint: run.fingerprint,
  });
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

/** Where a row came from: the run's settings, and what each stage asked and cost. */
export function provenanceOf(
  run: PipelineRun,
  workflowIndex: number,
  stages: StageProvenance[],
): Trajectory['provenance'] {
  const { refine, check, judge } = run.config;
  return {
    method: 'pipeline',
    teacher: run.teacher,
    config_fingerprint: run.fingerprint,
    ablation: { refine, check, judge },
    workflow_index: workflowIndex,
    candidate_index: 0,
    stages,
  };
}
