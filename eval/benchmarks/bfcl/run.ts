import { mkdir, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { apiKeyOf } from '../../../core/llm/api-key.ts';
import type { NamedEndpoint } from '../../../core/llm/endpoint.ts';
import { replaceFile } from '../../../core/write-file.ts';
import type { BenchmarkManifest } from '../benchmark-manifest.ts';
import { harnessPython } from '../harness-python.ts';
import { PAPER_BFCL_COLUMNS } from '../paper-results.ts';
import { type Party, partyOf } from '../party.ts';
import { type HarnessStep, runHarness } from '../run-harness.ts';
import { type ScoreColumn, type Scores, withFigures, writeScores } from '../scores.ts';
import { endOf, inSession } from '../session.ts';
import { type BfclPlan, readBfclPlan } from './plan.ts';
import { bfclColumns, hasResults } from './read-results.ts';
import { BFCL_ENVIRONMENTS, type BfclVersion } from './versions.ts';

export interface BfclOptions {
  endpoint: NamedEndpoint;
  version: BfclVersion;
  categories: string[];
  /** Entries of each category; all unless given. */
  limit: number | undefined;
  temperature: number | undefined;
  threads: number;
  /** How often a request is sent again, and how many tasks may fail in a row until the endpoint is given up. */
  retries: number;
  patience: number;
  python: string | undefined;
  label: string;
  out: string;
}

/**
 * Runs BFCL's own harness on an endpoint and scores what it has answered; called again, it goes on where it was.
 * @returns the manifest, and the scores unless it was stopped
 * @throws UsageError when the harness is missing or of another version, or the folder holds a run of other settings
 */
export async function runBfcl(
  options: BfclOptions,
): Promise<{ manifest: BenchmarkManifest; scores: Scores | undefined }> {
  const { endpoint, version, categories, limit, label, out } = options;
  const party = partyOf(endpoint, options.temperature ?? endpoint.sampling.temperature ?? GREEDY);
  const key = apiKeyOf(endpoint);
  const python = await harnessPython(BFCL_ENVIRONMENTS[version], options.python);
  const { base_url: url, timeout_s: _, ...asked } = party;
  const settings = { harness: version, categories, limit: limit ?? null, ...asked };
  let scores: Scores | undefined;
  const beginning = { benchmark: 'bfcl' as const, label, settings, urls: { model: url } };
  const manifest = await inSession(out, beginning, async (interrupts) => {
    const steps = await stepsOf(options, party, python, key);
    const generated = await runHarness(steps.generate, interrupts);
    const versions = { 'bfcl-eval': version, python: generated.harness?.python ?? 'unknown' };
    const stopped = {
      state: 'stopped' as const,
      message: 'stopped before it was scored',
      versions,
    };
    if (interrupts.stopping.aborted) return stopped;
    const plan = await readBfclPlan(steps.plan);
    // Scores of an earlier session, with fewer answers, must not be taken for this one's.
    await rm(join(steps.root, 'score'), { recursive: true, force: true });
    if (hasResults(steps.root)) await runHarness(steps.evaluate, interrupts);
    if (interrupts.stopping.aborted) return stopped;
    const columns = await bfclColumns(steps.root, plan);
    scores = bfclScores(options, plan, columns);
    await writeScores(out, scores);
    const end = endOf(countsOf(columns), [generated], false);
    return { ...end, versions: { ...versions, data: plan.data } };
  });
  return { manifest, scores };
}

/** The harness's own choice of a temperature. */
const GREEDY = 0.001;

interface Steps {
  generate: HarnessStep;
  evaluate: HarnessStep;
  plan: string;
  /** What the harness takes for its project's root. */
  root: string;
}

async function stepsOf(
  options: BfclOptions,
  party: Party,
  python: string,
  key: string | undefined,
): Promise<Steps> {
  const { version, categories, limit, threads, retries, patience } = options;
  const out = resolve(options.out);
  const root = join(out, 'harness');
  await mkdir(root, { recursive: true });
  const [plan, events] = [join(out, 'plan.json'), join(out, 'events.jsonl')];
  const file = join(out, 'launcher.json');
  const settings = { version, categories, limit: limit ?? null, threads, retries, patience };
  await replaceFile(file, `${JSON.stringify({ ...settings, ...party, plan, events }, null, 1)}\n`);
  const step = (name: string, title: string): HarnessStep => ({
    environment: BFCL_ENVIRONMENTS[version],
    python,
    harness: 'bfcl-eval',
    version,
    categories,
    script: 'bfcl_run.py',
    args: [name, file],
    env: { BFCL_PROJECT_ROOT: root, GEM_TRAJ_API_KEY: key },
    out,
    events,
    title,
  });
  return {
    generate: step('generate', 'BFCL'),
    evaluate: step('evaluate', 'BFCL scoring'),
    plan,
    root,
  };
}

function bfclScores(
  { label, endpoint, version, limit }: BfclOptions,
  plan: BfclPlan,
  columns: ScoreColumn[],
): Scores {
  const { planned, answered } = countsOf(columns);
  const names = columns.map(({ name }) => name);
  const hasAll = PAPER_BFCL_COLUMNS.every((name) => names.includes(name));
  return withFigures({
    schema_version: 1,
    benchmark: 'bfcl',
    label,
    model: endpoint.model,
    measured_with: { 'bfcl-eval': version, data: plan.data },
    complete: answered === planned,
    whole: limit === undefined,
    columns,
    means: hasAll ? [{ group: 'BFCL', name: 'overall', of: [...PAPER_BFCL_COLUMNS] }] : [],
  });
}

function countsOf(columns: readonly ScoreColumn[]): { planned: number; answered: number } {
  const sum = (key: 'planned' | 'answered') =>
    columns.reduce((total, column) => total + column[key], 0);
  return { planned: sum('planned'), answered: sum('answered') };
}
