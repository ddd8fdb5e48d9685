import type { Argv } from 'yargs';
import { z } from 'zod';
import { type FlagsOf, flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { Domain } from '../../core/taxonomy.ts';
import { Method, type StageName } from '../../core/trajectory.ts';
import { readYaml } from '../../core/yaml.ts';
import { SynthConfig } from '../config.ts';
import { SIZES } from '../offline/size.ts';
import type { OfflineOptions } from '../offline/teacher.ts';
import { resolveEndpoints } from '../resolve-endpoints.ts';
import { JudgePrompt } from '../stages/judge.ts';

/** The flags that say what to run on which text: the same for synth, preview and estimate. */
export function jobOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('input', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Files, folders, globs, or - for standard input',
    })
    .option('config', {
      type: 'string',
      describe: "YAML file with the settings (configs/synth-paper.yaml is the paper's)",
    })
    .option('method', {
      choices: Method.options,
      describe: 'pipeline (stage by stage), or synthesizer (one call to a trained model)',
      defaultDescription: 'pipeline',
    })
    .option('endpoint', {
      type: 'string',
      describe: 'Endpoint for all stages; with --method synthesizer of the synthesizer alone',
    })
    .option('stage-endpoint', {
      type: 'string',
      array: true,
      default: [],
      describe: 'Endpoint of one stage, STAGE=NAME',
    })
    .option('candidates', {
      type: 'number',
      describe: 'Synthesizer: samples a passage, of which the best by the checks is kept',
    })
    .option('filter', {
      type: 'boolean',
      describe: 'Synthesizer: ask the filter first, and leave out what is not multi-step',
    })
    .option('fallback', {
      choices: ['none', 'pipeline'] as const,
      describe: 'Synthesizer: what becomes of a passage without an accepted trajectory',
    })
    .option('repair-endpoint', {
      type: 'string',
      describe: 'Endpoint that mends; a synthesizer without it draws another sample instead',
    })
    .option('endpoints', {
      type: 'string',
      describe: 'File with the endpoints',
      defaultDescription: './endpoints.yaml, ./configs/endpoints.yaml or the shipped one',
    })
    .option('offline', {
      type: 'boolean',
      default: false,
      describe: 'Use the built-in offline teacher: rules, no model',
    })
    .option('offline-size', {
      choices: SIZES,
      default: 'compact' as const,
      describe: "Length of the offline teacher's dialogues",
    })
    .option('defect-rate', {
      type: 'number',
      default: 0,
      describe: "Share of the offline teacher's answers with a planted defect",
    })
    .option('text-field', { type: 'string', describe: 'Field that holds the text' })
    .option('id-field', { type: 'string', describe: 'Field that holds the id' })
    .option('preset', {
      choices: ['ultra-fineweb', 'wikihow'] as const,
      describe: 'Fields of a known corpus',
    })
    .option('refine', { type: 'boolean', describe: 'Refine (--no-refine: the ablation)' })
    .option('check', { type: 'boolean', describe: 'Check (--no-check: the ablation)' })
    .option('judge', {
      describe:
        'Judge (--no-judge: the ablation): findings shows the judge what the checks found, paper does not',
    })
    .option('repair', {
      type: 'number',
      describe: 'How often a candidate that was turned down is mended, 0 to 3',
      defaultDescription: '1, in ablations 0',
    })
    .option('gate', {
      choices: ['paper', 'strict'] as const,
      describe: "Which findings reject: those of the paper's rule check, or every error",
    })
    .option('workflows-per-passage', {
      type: 'number',
      describe: 'Workflows, so trajectories, a passage at most',
    })
    .option('drop-domain', {
      choices: Domain.options,
      array: true,
      describe: 'Leave passages of this domain out',
    })
    .option('limit', { type: 'number', describe: 'Passages at most' })
    .option('seed', { type: 'number', describe: 'Seed of patterns and sampling' });
}

/** The flags of jobOptions, and those that only some of the commands have. */
export type JobFlags = FlagsOf<typeof jobOptions<object>> & {
  target?: number | undefined;
  budget?: number | undefined;
};

/** The configuration: a flag overrides the file, which overrides the default. */
export async function readConfig(flags: JobFlags): Promise<SynthConfig> {
  const file =
    flags.config === undefined ? SynthConfig.parse({}) : await readYaml(flags.config, SynthConfig);
  const given = {
    method: flags.method,
    endpoint: flags.endpoint,
    refine: flags.refine,
    check: flags.check,
    ...judgeSettings(flags.judge),
    repair: flags.repair,
    gate: flags.gate,
    workflows_per_passage: flags.workflowsPerPassage,
    drop_domains: flags.dropDomain,
    limit: flags.limit,
    seed: flags.seed,
    target: flags.target,
    budget_usd: flags.budget,
  };
  const corpus = { text_field: flags.textField, id_field: flags.idField, preset: flags.preset };
  const settings = {
    ...file,
    stages: stagesOf(flags, file),
    ...present(given),
    synthesizer: { ...file.synthesizer, ...synthesizerSettings(flags, file) },
    corpus: { ...file.corpus, ...present(corpus) },
  };
  const merged = SynthConfig.safeParse(settings, { reportInput: true });
  if (merged.success) return merged.data;
  const issue = merged.error.issues[0];
  throw new UsageError(`--${flagOf(issue?.path)} ${issue?.input}: ${issue?.message}`);
}

/** What --defect-rate may be. */
export const SHARE = z.number().min(0).max(1);

/** --judge and --no-judge switch the judge, --judge paper or findings chooses its prompt too. */
function judgeSettings(flag: unknown): { judge?: boolean; judge_prompt?: JudgePrompt } {
  if (flag === undefined) return {};
  if (typeof flag === 'boolean') return { judge: flag };
  const prompt = JudgePrompt.safeParse(flag);
  if (prompt.success) return { judge: true, judge_prompt: prompt.data };
  throw new UsageError(
    `--judge ${String(flag)}: write --judge findings (the judge sees what the checks found), --judge paper (it does not) or --no-judge`,
  );
}

/** --endpoint speaks for all stages, those that the file gave an endpoint included; or for the synthesizer. */
function stagesOf(flags: JobFlags, { method, stages }: SynthConfig): unknown {
  const { endpoint, repairEndpoint } = flags;
  const isPipeline = (flags.method ?? method) === 'pipeline';
  const own = Object.entries(stages).map(([name, { endpoint: fromFile, ...rest }]) => {
    const isReplaced = endpoint !== undefined && (isPipeline || name === 'synthesize');
    const kept = isReplaced ? undefined : fromFile;
    return [name, { ...rest, ...present({ endpoint: kept }) }];
  });
  const ofFlags = present({ endpoint: repairEndpoint });
  const settings: Record<string, object> = Object.fromEntries(own);
  return { ...settings, repair: { ...settings.repair, ...ofFlags } };
}

/** What only a synthesizer's run has; given for another one, it would say nothing. */
function synthesizerSettings(flags: JobFlags, { method }: SynthConfig): object {
  const { candidates, filter, fallback } = flags;
  const given = present({ candidates, filter, fallback });
  const [first] = Object.keys(given);
  if (first !== undefined && (flags.method ?? method) === 'pipeline')
    throw new UsageError(`--${first} is for --method synthesizer; the pipeline has no use for it`);
  const hasTeacher =
    flags.repairEndpoint !== undefined ||
    flags.stageEndpoint.some((one) => one.startsWith('repair='));
  return { ...given, ...(hasTeacher ? { repair_by: 'teacher' } : {}) };
}

function present<T extends Record<string, unknown>>(values: T): Partial<T> {
  // Object.fromEntries forgets which keys the entries came from.
  return Object.fromEntries(
    Object.entries(values).filter(([, value]) => value !== undefined),
  ) as Partial<T>;
}

function flagOf(path: readonly PropertyKey[] = []): string {
  const names: Record<string, string> = { budget_usd: 'budget', drop_domains: 'drop-domain' };
  const name = String((path[0] === 'synthesizer' ? path[1] : path[0]) ?? 'config');
  return names[name] ?? name.replaceAll('_', '-');
}

/**
 * The endpoint of each stage, as the flags and the configuration name them.
 * @param served the run's own servers, for the stages that no other endpoint is named for
 */
export function endpointsFor(
  flags: JobFlags,
  config: SynthConfig,
  offline: NamedEndpoint | undefined,
  served?: NamedEndpoint,
): Promise<Record<StageName, NamedEndpoint>> {
  const { endpoints: file, stageEndpoint: stageEndpoints } = flags;
  return resolveEndpoints(config, { file, stageEndpoints, offline, served });
}

/** Starts the offline teacher where it is asked for, as an endpoint like any other. */
export async function startOffline(
  flags: JobFlags,
  config: SynthConfig,
): Promise<{ endpoint: NamedEndpoint | undefined; close: () => Promise<void> }> {
  if (!flags.offline) return { endpoint: undefined, close: async () => {} };
  const defectRate = flagValue('defect-rate', SHARE, flags.defectRate);
  return startTeacher({ size: flags.offlineSize, defectRate, seed: config.seed });
}

/** Starts the offline teacher; to be closed. */
export async function startTeacher(
  options: OfflineOptions,
): Promise<{ endpoint: NamedEndpoint; close: () => Promise<void> }> {
  // Its words and grammar take longer to load than all the rest; who does not ask it does not wait for them.
  const { startOfflineTeacher } = await import('../offline/server.ts');
  const teacher = await startOfflineTeacher(options);
  return { endpoint: offlineEndpoint(teacher.url, options), close: () => teacher.close() };
}

function offlineEndpoint(url: string, options: OfflineOptions): NamedEndpoint {
  return {
    name: 'offline',
    base_url: url,
    model: 'offline-teacher',
    sampling: {},
    structured_output: 'json_schema',
    // The teacher does not read this; it makes other settings another run.
    extra_body: { offline_teacher: { size: options.size, defect_rate: options.defectRate } },
    concurrency: { first: 8, highest: 16 },
    timeout_s: 120,
  };
}
