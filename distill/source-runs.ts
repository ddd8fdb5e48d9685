import { basename, join, resolve } from 'node:path';
import { UsageError } from '../core/errors.ts';
import { type RowStatus, readRows } from '../core/run/find-row.ts';
import { type Manifest, readManifest } from '../core/run/manifest.ts';
import { MARKS_FILE, type Mark, readMarks } from '../core/run/marks.ts';
import { existingRun } from '../core/run/run-name.ts';
import { StageName, type Trajectory } from '../core/trajectory.ts';
import type { SourceSummary } from './dataset-manifest.ts';
import type { DistillRules } from './rules.ts';

/** A run that rows are taken from. */
export interface SourceRun {
  name: string;
  folder: string;
  manifest: Manifest;
  /** What a person said of rows in the viewer, by their ids. */
  marks: Map<string, Mark>;
}

/** What may be done that is refused unless asked for. */
export interface SourceRules {
  allowOffline: boolean;
  allowMixed: boolean;
  /** Rows that a run turned down count where a person accepted them (the rules' marks.take_accepted). */
  takeAccepted: boolean;
}

/**
 * Opens runs for reading.
 * @param names names or folders of runs
 * @throws UsageError for a run that is not there or given twice, rows of the offline teacher, runs of different
 *   settings, and where no run has an accepted row
 */
export async function openSources(names: string[], rules: SourceRules): Promise<SourceRun[]> {
  const sources: SourceRun[] = [];
  for (const name of names) {
    const folder = await existingRun(name);
    const manifest = await readManifest(folder);
    if (manifest === undefined) throw new UsageError(`${name}: there is no run in ${folder}`);
    if (sources.some((other) => resolve(other.folder) === resolve(folder)))
      throw new UsageError(`--run ${name}: given twice`);
    const marks = await readMarks(join(folder, MARKS_FILE));
    sources.push({ name: freeName(basename(resolve(folder)), sources), folder, manifest, marks });
  }
  refuseEmpty(sources, rules.takeAccepted);
  if (!rules.allowOffline) refuseOffline(sources);
  if (!rules.allowMixed) refuseMixed(sources);
  return sources;
}

/** Decisions and counts name runs: two folders of one name are numbered. */
function freeName(name: string, taken: readonly SourceRun[]): string {
  const isTaken = (tried: string) => taken.some((other) => other.name === tried);
  if (!isTaken(name)) return name;
  let number = 2;
  while (isTaken(`${name}-${number}`)) number += 1;
  return `${name}-${number}`;
}

/**
 * The rows to choose from, source by source, in the order of their files: those that the run accepted, and where the
 * rules say so those that a person accepted after it.
 */
export async function* sourceRows(
  sources: readonly SourceRun[],
  { marks: { take_accepted: takeAccepted } }: Pick<DistillRules, 'marks'>,
): AsyncGenerator<{ source: SourceRun; row: Trajectory }> {
  for (const source of sources) {
    const wanted: RowStatus[] = ['accepted'];
    if (takeAccepted && isAnyAccepted(source)) wanted.push('rejected');
    for await (const { status, row } of readRows(source.folder, wanted)) {
      if (status === 'accepted' || source.marks.get(row.id)?.verdict === 'accept')
        yield { source, row };
    }
  }
}

function isAnyAccepted({ marks }: SourceRun): boolean {
  return [...marks.values()].some(({ verdict }) => verdict === 'accept');
}

function refuseEmpty(sources: readonly SourceRun[], takeAccepted: boolean): void {
  if (sources.some(({ manifest }) => manifest.funnel.accepted > 0)) return;
  if (takeAccepted && sources.some(isAnyAccepted)) return;
  const ends = sources.map(
    ({ name, manifest }) =>
      `  ${name}: ${manifest.state}, ${manifest.funnel.passages} passages, none accepted`,
  );
  throw new UsageError(
    [
      'there is no accepted row to make a dataset of:',
      ...ends,
      '`gem-traj report RUN` shows why candidates were turned down',
    ].join('\n'),
  );
}

function refuseOffline(sources: readonly SourceRun[]): void {
  const offline = sources.filter(({ manifest }) => manifest.offline).map(({ name }) => name);
  if (offline.length === 0) return;
  throw new UsageError(
    `${offline.join(', ')}: made by the offline teacher (rules, no model), which teaches a model nothing worth having; to try the tools out, say --allow-offline`,
  );
}

/** Rows of different settings side by side are no clean experiment; what differs is said. */
function refuseMixed(sources: readonly SourceRun[]): void {
  const [first, ...others] = sources;
  const other = others.find(({ manifest }) => manifest.fingerprint !== first?.manifest.fingerprint);
  if (first === undefined || other === undefined) return;
  throw new UsageError(
    [
      `${first.name} and ${other.name} were made with different settings:`,
      ...differences(first.manifest, other.manifest).map((line) => `  ${line}`),
      'To put them into one dataset all the same, say --allow-mixed; the card will name every one.',
    ].join('\n'),
  );
}

const MOST_DIFFERENCES = 12;

/** The settings in which two runs differ, with both values, as lines. */
function differences(one: Manifest, other: Manifest): string[] {
  const [own, theirs] = [one.fingerprint_parts, other.fingerprint_parts];
  const keys = [...new Set([...Object.keys(own), ...Object.keys(theirs)])].sort();
  const lines = keys
    .filter((key) => JSON.stringify(own[key]) !== JSON.stringify(theirs[key]))
    .map((key) => `${key}: ${shown(own[key])} / ${shown(theirs[key])}`);
  const more = lines.length - MOST_DIFFERENCES;
  return more > 0 ? [...lines.slice(0, MOST_DIFFERENCES), `and ${more} more`] : lines;
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? 'not set';
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}

/** The language of a run's conversations. */
export function languageOf({ fingerprint_parts: { language } }: Manifest): string {
  return typeof language === 'string' ? language : 'English';
}

/** A run as a dataset's manifest names it, before rows are chosen. */
export function summaryOf({ name, manifest }: SourceRun): SourceSummary {
  const parts = manifest.fingerprint_parts;
  const stages = StageName.options.flatMap((stage) => {
    const [model, prompt] = [parts[`stages.${stage}.model`], parts[`stages.${stage}.prompt`]];
    return typeof model === 'string' && typeof prompt === 'string'
      ? [{ stage, model, prompt }]
      : [];
  });
  return {
    name,
    fingerprint: manifest.fingerprint,
    method: manifest.method,
    offline: manifest.offline,
    language: languageOf(manifest),
    ablation: manifest.ablation,
    gate: typeof parts.gate === 'string' ? parts.gate : 'not known',
    stages,
    passages: manifest.funnel.passages,
    generated: manifest.funnel.generated,
    check_passed: manifest.funnel.check_passed,
    judge_passed: manifest.funnel.judge_passed,
    accepted: manifest.funnel.accepted,
    kept: 0,
  };
}
