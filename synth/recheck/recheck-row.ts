import { shownText } from '../../core/formats/passage-block.ts';
import type { Asker } from '../../core/llm/asker.ts';
import type { FoundRow } from '../../core/run/find-row.ts';
import type { FunnelCounts } from '../../core/run/funnel.ts';
import type { Finding, Rejection, StageProvenance, Trajectory } from '../../core/trajectory.ts';
import { askStage, type StageSetup } from '../ask-stage.ts';
import type { CandidateEnd } from '../candidate.ts';
import { checkConversation } from '../check/run-checks.ts';
import type { SynthConfig } from '../config.ts';
import { rowId } from '../pipeline-run.ts';
import {
  checkReview,
  decidingFindings,
  judgeReview,
  type Review,
  unscored,
  verdictReview,
} from '../review.ts';
import type { JudgeAnswer, JudgeInput } from '../stages/judge.ts';
import { endOf } from './row-end.ts';

type Gate = SynthConfig['gate'];

/** What all rows that are rechecked share. */
export interface RecheckRun {
  /** The name of the run they come from, and the gate that held there. */
  source: { name: string; gate: Gate };
  fingerprint: string;
  ablation: Trajectory['provenance']['ablation'];
  gate: Gate;
  language: string;
  /** The judge that is asked; null where the source's verdicts are kept. */
  judge: { setup: StageSetup<JudgeInput, JudgeAnswer>; showFindings: boolean } | null;
}

/**
 * Checks a row anew and lets the judge decide, or its old verdict. A row that was turned down before there was a
 * conversation to check keeps its reason.
 * @throws what askStage throws
 */
export async function recheckRow(
  run: RecheckRun,
  found: FoundRow,
  engine: Asker,
): Promise<CandidateEnd> {
  const row = candidateOf(found.row);
  if (row === null) return carried(run, found);
  const stages: StageProvenance[] = [...row.provenance.stages];
  const review = await reviewed(run, found, row, engine, stages);
  const { findings, verdict, rejection } = review;
  const counts = countsOf(run, row, review);
  const anew = {
    ...row,
    ...identity(run, found, stages),
    checks: findings,
    judge: verdict,
  };
  if (rejection === null) return { counts, row: anew, rejection: null };
  const { by, reason } = rejection;
  return { counts, row: null, rejection: { ...anew, rejected_by: by, reason } };
}

/** The row as a trajectory, where it had come as far as the checks. */
function candidateOf(row: Trajectory | Rejection): Trajectory | null {
  if (!('rejected_by' in row)) return row;
  const { rejected_by, reason: _before, ...rest } = row;
  return rejected_by === 'check' || rejected_by === 'judge' ? rest : null;
}

function carried(run: RecheckRun, found: FoundRow): CandidateEnd {
  const { row } = found;
  if (!('rejected_by' in row)) throw new Error(`row ${row.id} was not turned down`);
  const rejection = { ...row, ...identity(run, found, row.provenance.stages) };
  // Another sample of the passage was better: it had passed the checks.
  const passed = row.rejected_by === 'selection' ? { check_passed: 1 } : {};
  return { counts: { [`rejected_${row.rejected_by}`]: 1, ...passed }, row: null, rejection };
}

async function reviewed(
  run: RecheckRun,
  found: FoundRow,
  row: Trajectory,
  engine: Asker,
  stages: StageProvenance[],
): Promise<Review> {
  const findings = findingsOf(run, row);
  const atChecks = checkReview(findings, run.gate);
  // The old verdict stays with it: a later recheck may let it through again.
  if (atChecks !== null) return { ...atChecks, verdict: run.judge === null ? row.judge : null };
  if (run.judge === null) return byOldVerdict(run, found, row, findings);
  const { setup, showFindings } = run.judge;
  const { messages, tools, source, provenance } = row;
  const input = { conversation: { messages, tools }, findings: showFindings ? findings : null };
  const asked = { engine, passage: source.id, sampleIndex: provenance.workflow_index };
  const judged = await askStage(setup, input, asked);
  stages.push(judged.provenance);
  return judgeReview(findings, judged, setup.endpoint.model);
}

function findingsOf(run: RecheckRun, row: Trajectory): Finding[] {
  const { messages, tools, workflow, source, patterns, provenance } = row;
  return checkConversation({
    conversation: { messages, tools },
    refined: provenance.ablation.refine,
    profile: 'gem',
    language: run.language,
    patterns: patterns.asked,
    workflow: workflow ?? undefined,
    passage: shownText(source),
  });
}

/** What no judge has seen does not pass where a judge is wanted: it is listed as unscored. */
function byOldVerdict(
  { ablation }: RecheckRun,
  { row: before }: FoundRow,
  { judge }: Trajectory,
  findings: Finding[],
): Review {
  if (judge !== null) return verdictReview(findings, judge);
  if (!ablation.judge) return { findings, verdict: null, rejection: null };
  const wasUnscored = 'rejected_by' in before && before.rejected_by === 'judge';
  const reason = wasUnscored ? before.reason : unscored(NEVER_JUDGED);
  return { findings, verdict: null, rejection: { by: 'judge', reason, unscored: true } };
}

const NEVER_JUDGED = 'it was never judged, since the checks had turned it down; give --judge';

/** Its own id and provenance, and the row that it was. */
function identity(
  { fingerprint, ablation, source }: RecheckRun,
  found: FoundRow,
  stages: StageProvenance[],
): Pick<Trajectory, 'id' | 'provenance'> {
  const { row } = found;
  const end = endOf(found);
  const deciding = end === 'check' ? decidingFindings(row.checks, source.gate) : [];
  const codes = [...new Set(deciding.map(({ code }) => code))];
  const provenance: Trajectory['provenance'] = {
    ...row.provenance,
    config_fingerprint: fingerprint,
    ablation: { ...ablation, refine: row.provenance.ablation.refine },
    stages,
    rechecked_from: { run: source.name, id: row.id, end, codes },
  };
  return { id: rowId(row.source.id, provenance), provenance };
}

function countsOf(
  { ablation }: RecheckRun,
  { provenance }: Trajectory,
  { rejection }: Review,
): FunnelCounts {
  const { by, unscored = false } = rejection ?? {};
  const mendingTried = provenance.stages.some(({ stage }) => stage === 'repair');
  return {
    ...(by === 'check' ? { rejected_check: 1 } : { check_passed: 1 }),
    ...(by === 'judge' ? { rejected_judge: 1 } : {}),
    ...(by === undefined && ablation.judge ? { judge_passed: 1 } : {}),
    ...(unscored ? { unscored: 1 } : {}),
    ...(mendingTried ? { repair_tried: 1 } : {}),
    ...(mendingTried && by === undefined ? { repaired: 1 } : {}),
    ...(provenance.fallback && by === undefined ? { fallback_passed: 1 } : {}),
  };
}
