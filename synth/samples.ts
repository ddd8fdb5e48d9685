import type { Passage } from '../core/passage.ts';
import type { Finding, Severity } from '../core/trajectory.ts';
import { Candidate, type CandidateEnd, type Version } from './candidate.ts';
import { repairBy, repairRounds } from './config.ts';
import { allOf } from './passage-end.ts';
import type { Kept } from './pipeline.ts';
import type { PipelineRun } from './pipeline-run.ts';

/**
 * Samples a synthesizer for a passage as often as the run says and lets the judge decide over the best by the checks.
 * What was turned down is mended by a teacher, or the next best sample takes its place, a fresh one where none is left.
 * @param kept what the filter said where it was asked
 * @returns an end for each sample, in their order: at most one is accepted
 * @throws what askStage throws
 */
export async function sampleBest(
  run: PipelineRun,
  passage: Passage,
  kept: Kept | undefined,
): Promise<CandidateEnd[]> {
  const { candidates } = run.config.synthesizer;
  const indexes = Array.from({ length: candidates }, (_, index) => index);
  const drawnAll = await allOf(indexes.map((index) => drawn(run, passage, kept, index)));
  const samples = drawnAll.filter(({ wasAnswered }) => wasAnswered);
  // A prompt that does not fit, or that the server refuses, is as bad for one sample as for all.
  if (samples.length === 0) return drawnAll.slice(0, 1).map((sample) => sample.end(1));
  const best = bestOf(samples);
  if (best !== undefined) await best.decide();
  if (repairBy(run.config) === 'teacher') await best?.mend();
  else await replace(samples, run, (index) => drawn(run, passage, kept, index));
  return samples.map((sample) => sample.end(samples.length));
}

/** One sample after another takes the place of what was turned down, as often as the run mends. */
async function replace(
  samples: Sample[],
  { config }: PipelineRun,
  draw: (index: number) => Promise<Sample>,
): Promise<void> {
  for (let round = 1; round <= repairRounds(config); round += 1) {
    if (samples.some((sample) => sample.state === 'accepted' || sample.state === 'unscored'))
      return;
    let next = bestOf(samples.filter(({ state }) => state === 'open'));
    if (next === undefined) {
      next = await draw(samples.length);
      samples.push(next);
    }
    await next.decide();
  }
}

/** Fewest errors, then fewest warnings, then the first; what the checks turned down comes after all others. */
function bestOf(samples: readonly Sample[]): Sample | undefined {
  return samples.filter(({ state }) => state !== 'unreadable').sort(compare)[0];
}

function compare(a: Sample, b: Sample): number {
  const [one, other] = [a.rank, b.rank];
  const place = one.findIndex((value, index) => value !== other[index]);
  return (one[place] ?? 0) - (other[place] ?? 0);
}

async function drawn(
  run: PipelineRun,
  passage: Passage,
  kept: Kept | undefined,
  index: number,
): Promise<Sample> {
  const candidate = new Candidate(run, {
    passage,
    number: { method: 'synthesizer', workflow: 0, sample: index },
    tags: kept?.tags ?? null,
    workflow: null,
    patterns: [],
    stages: kept === undefined ? [] : [kept.provenance],
  });
  const answer = await candidate.ask(run.setups.synthesize, { passage });
  const wasAnswered = answer.provenance.request_hashes.length > 0;
  if (!answer.ok) return new Sample(index, candidate, answer.reason, wasAnswered);
  candidate.passed('synthesized');
  return new Sample(index, candidate, candidate.checked(answer.value), wasAnswered);
}

/** A sample and how far it came: `open` is one that passed the checks and that nobody has decided on. */
class Sample {
  readonly wasAnswered: boolean;
  readonly #index: number;
  readonly #candidate: Candidate;
  /** Its version as it stands, or why there is none. */
  #made: Version | string;
  #isDecided = false;

  constructor(index: number, candidate: Candidate, made: Version | string, wasAnswered: boolean) {
    this.wasAnswered = wasAnswered;
    this.#index = index;
    this.#candidate = candidate;
    this.#made = made;
  }

  get state(): 'unreadable' | 'turned_down' | 'unscored' | 'open' | 'accepted' {
    if (typeof this.#made === 'string') return 'unreadable';
    const { rejection } = this.#made;
    if (rejection !== null) return rejection.unscored ? 'unscored' : 'turned_down';
    return this.#isDecided ? 'accepted' : 'open';
  }

  /** The lower the better, the first figure first. */
  get rank(): number[] {
    if (typeof this.#made === 'string') return [2];
    const { findings, rejection } = this.#made;
    return [
      rejection === null ? 0 : 1,
      countOf(findings, 'error'),
      countOf(findings, 'warning'),
      this.#index,
    ];
  }

  /** The judge's word, or the checks' where they have turned it down. */
  async decide(): Promise<void> {
    if (typeof this.#made === 'string') return;
    this.#isDecided = true;
    this.#made = await this.#candidate.judged(this.#made);
  }

  /** Lets the teacher mend it where it was turned down. */
  async mend(): Promise<void> {
    if (typeof this.#made !== 'string') this.#made = await this.#candidate.mended(this.#made);
  }

  end(samples: number): CandidateEnd {
    const none = { messages: [], tools: [] };
    if (typeof this.#made === 'string')
      return this.#candidate.unreadable('synthesize', this.#made, none);
    return this.state === 'open'
      ? this.#candidate.passedOver(this.#made, `not the best of ${samples}`)
      : this.#candidate.end(this.#made);
  }
}

const countOf = (findings: readonly Finding[], severity: Severity): number =>
  findings.filter((finding) => finding.severity === severity).length;
