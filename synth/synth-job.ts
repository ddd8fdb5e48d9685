import type { Asker } from '../core/llm/asker.ts';
import type { NamedEndpoint } from '../core/llm/endpoint.ts';
import type { Passage } from '../core/passage.ts';
import type { Manifest } from '../core/run/manifest.ts';
import type { OpenRun } from '../core/run/run-folder.ts';
import type { Shard } from '../core/run/shard.ts';
import type { StageName } from '../core/trajectory.ts';
import type { BatchSettings } from './batch/backend.ts';
import type { SynthConfig } from './config.ts';
import type { CorpusReport } from './corpus/report.ts';

/** A run's part in one that is divided. */
export interface ShardJob {
  shard: Shard;
  /** The folder in which the shards tell each other how much they have accepted. */
  together: string;
}

/** What a run is asked to do. */
export interface SynthJob {
  config: SynthConfig;
  /** Files, folders, globs or `-`; or passages already chosen from them. */
  inputs: string[];
  passages?: Passage[];
  folder: string;
  /** The part of the corpus that is worked on; all of it unless given. */
  shard?: ShardJob | undefined;
  endpoints: Record<StageName, NamedEndpoint>;
  offline: boolean;
  /** Folders of runs whose answers may be used. */
  reuse: string[];
  /** What the user can do where the folder was begun with other settings; another run unless given. */
  wayOut?: readonly string[];
  /** Asks in batches; at once unless given. */
  batch?: BatchSettings | undefined;
  /** Called about once a second and at the end. */
  onProgress: (progress: SynthProgress) => void;
  /** Aborted once to stop after the requests in flight; `aborting` to end these too. */
  stopping: AbortSignal;
  aborting: AbortSignal;
}

/** Where a run stands, for the progress line. */
export interface SynthProgress {
  run: OpenRun;
  engine: Asker;
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
  /** The batches that go on without this process, for people. */
  leftRunning: string[];
}
