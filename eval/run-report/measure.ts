import { UsageError } from '../../core/errors.ts';
import { readRows } from '../../core/run/find-row.ts';
import { type Manifest, readManifest } from '../../core/run/manifest.ts';
import { Lengths, lengthsOf } from '../../core/stats/lengths.ts';
import { Reservoir, Tally } from '../../core/stats/tally.ts';
import { RejectedBy, type Rejection, type Trajectory } from '../../core/trajectory.ts';
import { measureAgreement } from '../viewer/agreement.ts';
import { CompositionCount, FindingsCount } from './counts.ts';
import { Rejections } from './rejections.ts';
import { corpusOf, runFacts } from './run-facts.ts';
import type { RunReport, Sample } from './run-report.ts';
import { sampleOf } from './sample.ts';
import { mendingOf, stationsOf } from './stations.ts';

const SAMPLES_ACCEPTED = 10;
const SAMPLES_REJECTED = 5;
/** Those with a conversation to look at come first. */
const SHOWN_FIRST: RejectedBy[] = [
  'judge',
  'check',
  'selection',
  'refine',
  'generate',
  'synthesize',
  'extract',
  'filter',
];

/**
 * Measures a run: reads its manifest and streams its rows once, in memory that does not grow with them.
 * The same rows in any order give the same report.
 * @throws UsageError where the folder holds no run or a row of another shape
 */
export async function measureRun(folder: string): Promise<RunReport> {
  const manifest = await readManifest(folder);
  if (manifest === undefined)
    throw new UsageError(`${folder} holds no run (no manifest.json); name a run's folder`);
  const measure = new Measure(manifest);
  for await (const { status, row } of readRows(folder, ['accepted', 'rejected', 'surplus'])) {
    if ('rejected_by' in row) measure.reject(row);
    else if (status === 'accepted') measure.accept(row);
    else measure.surplus += 1;
  }
  return { ...measure.report(), person: (await measureAgreement(folder)) ?? null };
}

/** What is kept of the rows while they stream by. */
class Measure {
  surplus = 0;
  #accepted = 0;
  #rejected = 0;
  readonly #manifest: Manifest;
  readonly #teachers = new Tally(20);
  readonly #rejections: Rejections;
  readonly #composition = new CompositionCount();
  readonly #lengths = new Lengths();
  readonly #findings = new FindingsCount();
  readonly #samples = new Reservoir<Sample>(SAMPLES_ACCEPTED);
  readonly #turnedDown = new Map(
    RejectedBy.options.map((by) => [by, new Reservoir<Sample>(SAMPLES_REJECTED)]),
  );

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
    const { gate } = manifest.fingerprint_parts;
    this.#rejections = new Rejections(typeof gate === 'string' ? gate : null);
  }

  accept(row: Trajectory): void {
    this.#accepted += 1;
    this.#teachers.add(row.provenance.teacher);
    this.#composition.add(row);
    this.#lengths.add(lengthsOf(row));
    this.#findings.add(row, 'rows_accepted');
    this.#samples.offer(row.id, () => sampleOf(row));
  }

  reject(row: Rejection): void {
    this.#rejected += 1;
    this.#teachers.add(row.provenance.teacher);
    this.#rejections.add(row);
    this.#findings.add(row, 'rows_rejected');
    this.#turnedDown.get(row.rejected_by)?.offer(row.id, () => sampleOf(row));
  }

  report(): Omit<RunReport, 'person'> {
    const manifest = this.#manifest;
    return {
      schema_version: 1,
      kind: 'run',
      run: runFacts(
        manifest,
        this.#teachers.entries().map(({ name }) => name),
      ),
      rows: { accepted: this.#accepted, rejected: this.#rejected, surplus: this.surplus },
      failed_passages: manifest.failed_passages,
      funnel: stationsOf(manifest),
      mending: mendingOf(manifest),
      rejections: this.#rejections.report(),
      bill: billOf(manifest, this.#accepted),
      corpus: corpusOf(manifest),
      composition: this.#composition.report(),
      distributions: this.#lengths.report(),
      findings: this.#findings.report(),
      samples: { accepted: this.#samples.items(), rejected: this.#rejectedSamples() },
    };
  }

  /** One of each stage in turn, those with a conversation first, so that a common stage does not crowd out the others. */
  #rejectedSamples(): Sample[] {
    const stages = SHOWN_FIRST.map((by) => this.#turnedDown.get(by)?.items() ?? []);
    const rounds = Array.from({ length: SAMPLES_REJECTED }, (_, round) =>
      stages.flatMap((items) => items.slice(round, round + 1)),
    );
    return rounds.flat().slice(0, SAMPLES_REJECTED);
  }
}

function billOf({ bills, total, unaccounted_usd }: Manifest, accepted: number): RunReport['bill'] {
  const perAccepted = {
    tokens: (total.prompt_tokens + total.completion_tokens) / accepted,
    usd: total.cost_usd / accepted,
  };
  return {
    stages: bills,
    total,
    unaccounted_usd,
    per_accepted: accepted === 0 ? null : perAccepted,
  };
}
