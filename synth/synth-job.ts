import type { NamedEndpoint } from '../core/llm/endpoint.ts';
import type { Engine } from '../core/llm/engine.ts';
import type { Passage } from '../core/passage.ts';
import type { Manifest } from '../core/run/manifest.ts';
import type { OpenRun } from '../core/run/run-folder.ts';
import type { StageName } from '../core/trajectory.ts';
import type { SynthConfig } from './config.ts';
import type { CorpusReport } from './corpus/report.ts';

/** What a run is asked to do. */
export interface SynthJob {
  config: SynthConfig;
  /** Files, folders, globs or `-`; or passages already chosen from them. */
  inputs: string[];
  passages?: Passage[];
  folder: string;
  endpoints: Record<StageName, NamedEndpoint>;
  offline: boolean;
  /** Folders of runs whose answers may be used. */
  reuse: string[];
  /** Called about once a second and at the end. */
  onProgress: (progress: SynthProgress) => void;
  /** Aborted once to stop after the requests in flight; `aborting` to end these too. */
  stopping: AbortSignal;
  aborting: AbortSignal;
}

/** Where a run stands, for the progress line. */
export interface SynthProgress {
  run: OpenRun;
  engine: Engine;
  endpoints: NamedEndpoint[];
  failed: number;
  /** Of the requests that failed of late, the last one's reason. */
  lastFailure: string | null;
  sessionSeconds: number;
}

/** How it ended. */
export interface SynthEnd {
  manifest: Manifest;
  corpus: CorpusReport;
}
