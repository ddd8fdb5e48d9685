import { describeError, UsageError } from '../../core/errors.ts';
import { hashValue } from '../../core/hash.ts';
import type { Asker } from '../../core/llm/asker.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { resolveSampling } from '../../core/llm/endpoint.ts';
import { packageVersion } from '../../core/package-root.ts';
import type { PassageEnd } from '../../core/run/commit-log.ts';
import { type Manifest, readManifest } from '../../core/run/manifest.ts';
import { type OpenRun, openRun } from '../../core/run/run-folder.ts';
import { DEFAULT_SAMPLING, SynthConfig } from '../../synth/config.ts';
import { runSession, type SessionJob } from '../../synth/session.ts';
import { askPreference } from './ask-preference.ts';
import type { Preference } from './comparison.ts';
import type { DrawSettings } from './differences.ts';
import type { PreferencePair } from './preference-pairs.ts';
import { PREFERENCE_VERSION } from './preference-prompt.ts';
import { PreferenceTally } from './preference-tally.ts';

/** A judge, the pairs it is asked about, and where its answers are kept. */
interface PreferenceJob
  extends Pick<SessionJob<PreferencePair>, 'onProgress' | 'stopping' | 'aborting'> {
  /** A run's folder of its own; the same folder goes on with what was answered before. */
  folder: string;
  pairs: PreferencePair[];
  endpoint: NamedEndpoint;
  draw: DrawSettings;
  budgetUsd: number | null;
}

/**
 * Asks a judge about each pair in both orders. Where the judge cannot be asked to the end, the figures are of the pairs
 * that it was asked about, and `stopped` says why.
 * @throws UsageError where the folder cannot be used, or was begun with another judge
 */
export async function judgePreferences(job: PreferenceJob): Promise<Preference> {
  const { pairs, endpoint, draw } = job;
  const tally = new PreferenceTally();
  const run = await openRun(job.folder, settingsOf(job));
  let stopped: string | null;
  try {
    stopped = await ask(job, run, tally);
  } finally {
    await run.close();
  }
  const manifest = await readManifest(job.folder);
  return {
    judge: { endpoint: endpoint.name, model: endpoint.model, prompt_version: PREFERENCE_VERSION },
    offline: endpoint.name === 'offline',
    pairs: pairs.length,
    ...tally.report(draw),
    stopped,
    cost: costOf(manifest),
  };
}

function settingsOf({ endpoint, draw, budgetUsd }: PreferenceJob): Parameters<typeof openRun>[1] {
  const sampling = resolveSampling({ seed: draw.seed }, DEFAULT_SAMPLING.judge, endpoint.sampling);
  const fingerprintParts = {
    model: endpoint.model,
    sampling,
    prompt_version: PREFERENCE_VERSION,
    extra_body: hashValue({ ...endpoint.extra_body, ...endpoint.thinking?.body }),
  };
  return {
    config: { endpoint: endpoint.name, seed: draw.seed, sampling },
    configNotes: ['a judge of pairs, for eval compare'],
    fingerprintParts,
    method: 'preference',
    offline: endpoint.name === 'offline',
    ablation: { refine: false, check: false, judge: true },
    versions: { 'gem-traj': packageVersion(), node: process.version },
    target: null,
    budgetUsd,
    wayOut: ['Set them back to go on with it, or give another --out.'],
  };
}

/** @returns why it ended early; null where every pair was asked about */
async function ask(
  job: PreferenceJob,
  run: OpenRun,
  tally: PreferenceTally,
): Promise<string | null> {
  const { pairs, onProgress, stopping, aborting } = job;
  try {
    const { state, message } = await runSession<PreferencePair>({
      run,
      // Verdicts are counted anew each time: what was asked before comes from the journal.
      log: { targetReached: false, isDone: () => false, commit: async () => {} },
      units: eachOf(pairs),
      work: (pair, engine) => judgePair(job, pair, engine, tally),
      endpoints: [job.endpoint],
      others: [],
      maxFailedShare: SynthConfig.parse({}).max_failed_share,
      corpus: () => ({ pairs: pairs.length }),
      requireInput: () => {},
      onProgress,
      stopping,
      aborting,
    });
    return state === 'finished' ? null : (message ?? state);
  } catch (error) {
    // What was judged until then was paid for, and stands.
    if (error instanceof UsageError) return describeError(error);
    throw error;
  }
}

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function judgePair(
  { endpoint, draw: { seed } }: PreferenceJob,
  { id, a, b }: PreferencePair,
  engine: Asker,
  tally: PreferenceTally,
): Promise<PassageEnd> {
  const judge = { engine, endpoint, seed };
  const inOrder = async (isAFirst: boolean) =>
    askPreference(judge, {
      passage: a.source,
      first: isAFirst ? a : b,
      second: isAFirst ? b : a,
    });
  const aFirst = await inOrder(true);
  const bFirst = aFirst.ok ? await inOrder(false) : aFirst;
  if (!aFirst.ok) tally.addUnreadable(id, aFirst.problem);
  else if (!bFirst.ok) tally.addUnreadable(id, bFirst.problem);
  else tally.add({ aFirst: aFirst.value.winner, bFirst: bFirst.value.winner });
  return { id, outcome: 'done', reason: null, counts: {}, accepted: [], rejected: [] };
}

function costOf(manifest: Manifest | undefined): Preference['cost'] {
  const total = manifest?.total;
  return {
    requests: total?.requests ?? 0,
    tokens: (total?.prompt_tokens ?? 0) + (total?.completion_tokens ?? 0),
    usd: total?.cost_usd ?? 0,
  };
}
