import type { Conversation } from '../../core/conversation.ts';
import type { Asker } from '../../core/llm/asker.ts';
import { costOf } from '../../core/llm/ledger.ts';
import { packageVersion } from '../../core/package-root.ts';
import type { PassageEnd } from '../../core/run/commit-log.ts';
import type { Manifest } from '../../core/run/manifest.ts';
import { openRun } from '../../core/run/run-folder.ts';
import { estimateTokens } from '../../core/text/tokens.ts';
import type { Finding } from '../../core/trajectory.ts';
import { askStage, type StageSetup } from '../ask-stage.ts';
import { caughtBy } from '../check/calibrate/corrupt.ts';
import { checkConversation } from '../check/run-checks.ts';
import { allOf } from '../passage-end.ts';
import { stageParts } from '../run-settings.ts';
import { runSession } from '../session.ts';
import { type JudgeAnswer, type JudgeInput, type JudgePrompt, passes } from '../stages/judge.ts';
import type { SynthJob } from '../synth-job.ts';
import { requirePrices } from '../synth-run.ts';
import type { JudgeTally, Outcome } from './judge-tally.ts';
import type { Mutant, SampledRow } from './sample.ts';

/** A judge and what it is measured on. */
export interface JudgeCalibrationJob
  extends Pick<SynthJob, 'onProgress' | 'stopping' | 'aborting'> {
  /** Where its answers are kept. */
  folder: string;
  rows: SampledRow[];
  setup: StageSetup<JudgeInput, JudgeAnswer>;
  prompt: JudgePrompt;
  seed: number;
  maxFailedShare: number;
  budgetUsd?: number | undefined;
}

/**
 * Asks a judge about clean rows, and about the corruptions of those that it lets pass: of a row that it turns down
 * anyway, a corruption would prove nothing. The same folder and judge go on with what was answered before.
 * @param tally counts the verdicts
 * @returns the manifest of the folder: state, requests and costs
 * @throws UsageError for what the user can fix
 */
export async function calibrateJudge(
  job: JudgeCalibrationJob,
  tally: JudgeTally,
): Promise<Manifest> {
  const { setup, prompt, seed, budgetUsd, onProgress, stopping, aborting } = job;
  const { endpoint, sampling, format } = setup;
  requirePrices(budgetUsd, [endpoint]);
  const run = await openRun(job.folder, {
    config: { endpoint: endpoint.name, judge_prompt: prompt, seed, sampling, answer: format },
    configNotes: ['a calibration of a judge'],
    fingerprintParts: { judge_prompt: prompt, ...stageParts(setup) },
    method: 'judge-calibration',
    offline: endpoint.name === 'offline',
    ablation: { refine: false, check: true, judge: true },
    versions: { 'gem-traj': packageVersion(), node: process.version },
    target: null,
    budgetUsd: budgetUsd ?? null,
    wayOut: ['Set them back to go on with it, or give another --out.'],
  });
  try {
    return await runSession({
      run,
      // Verdicts are counted anew each time: what was asked before comes from the journal.
      log: { targetReached: false, isDone: () => false, commit: async () => {} },
      units: eachOf(job.rows),
      work: (row, engine) => judgeRow(job, row, engine, tally),
      endpoints: [endpoint],
      others: [],
      maxFailedShare: job.maxFailedShare,
      corpus: () => ({ rows: job.rows.length }),
      requireInput: () => {},
      onProgress,
      stopping,
      aborting,
    });
  } finally {
    await run.close();
  }
}

/** What a calibration asks at most, not counting answers that have to be asked for again. */
export interface JudgeEstimate {
  clean: number;
  mutants: number;
  promptTokens: number;
  costUsd: number | null;
}

const VERDICT_TOKENS = 120;

/** The requests, tokens and money before anything is asked. */
export function estimateJudging({
  rows,
  setup,
  prompt,
}: Pick<JudgeCalibrationJob, 'rows' | 'setup' | 'prompt'>): JudgeEstimate {
  const tokensOf = (conversation: Conversation): number => {
    const findings = prompt === 'findings' ? [] : null;
    const { system, user } = setup.prompt({ conversation, findings }, setup.format);
    return estimateTokens(system) + estimateTokens(user);
  };
  const conversations = rows.flatMap(({ clean, mutants }) => [clean, ...mutants]);
  const promptTokens = conversations.reduce((sum, one) => sum + tokensOf(one.conversation), 0);
  const { prices } = setup.endpoint;
  const usage = {
    prompt_tokens: promptTokens,
    cached_tokens: 0,
    completion_tokens: VERDICT_TOKENS * conversations.length,
    estimated: true,
  };
  return {
    clean: rows.length,
    mutants: conversations.length - rows.length,
    promptTokens,
    costUsd: prices === undefined ? null : costOf(usage, prices),
  };
}

async function* eachOf<T>(items: readonly T[]): AsyncGenerator<T> {
  yield* items;
}

async function judgeRow(
  job: JudgeCalibrationJob,
  row: SampledRow,
  engine: Asker,
  tally: JudgeTally,
): Promise<PassageEnd> {
  const findings = checkConversation(row.context);
  const ofClean = await verdictOn(job, row.id, row.clean.conversation, findings, engine);
  tally.addClean(row.id, ofClean);
  const mutants = ofClean.kind === 'passed' ? row.mutants : [];
  await allOf(mutants.map((mutant) => judgeMutant(job, row, mutant, findings, engine, tally)));
  return { id: row.id, outcome: 'done', reason: null, counts: {}, accepted: [], rejected: [] };
}

async function judgeMutant(
  job: JudgeCalibrationJob,
  { id, context, clean }: SampledRow,
  { mutation, corrupted, conversation }: Mutant,
  before: Finding[],
  engine: Asker,
  tally: JudgeTally,
): Promise<void> {
  const after = checkConversation({ ...context, ...corrupted });
  const outcome = await verdictOn(job, id, conversation, after, engine);
  const byChecks = caughtBy(mutation, clean, corrupted, before, after).length > 0;
  tally.addMutant(id, mutation, outcome, byChecks);
}

async function verdictOn(
  { setup, prompt }: JudgeCalibrationJob,
  id: string,
  conversation: Conversation,
  findings: Finding[],
  engine: Asker,
): Promise<Outcome> {
  const input = { conversation, findings: prompt === 'findings' ? findings : null };
  const judged = await askStage(setup, input, { engine, passage: id, sampleIndex: 0 });
  if (!judged.ok) return { kind: 'unscored', reason: judged.reason };
  return passes(judged.value) ? { kind: 'passed' } : { kind: 'failed', answer: judged.value };
}
