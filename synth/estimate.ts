import { sha256 } from '../core/hash.ts';
import { keepFirst } from '../core/keep-first.ts';
import type { NamedEndpoint } from '../core/llm/endpoint.ts';
import { type Bill, costOf } from '../core/llm/ledger.ts';
import type { Passage } from '../core/passage.ts';
import { SYNTHESIZER_INSTRUCTION } from '../core/synthesizer.ts';
import { estimateTokens } from '../core/text/tokens.ts';
import type { StageName } from '../core/trajectory.ts';
import { activeStages, judgePromptOf, repairBy, repairRounds, type SynthConfig } from './config.ts';
import { type CorpusReport, newCorpusReport } from './corpus/report.ts';
import { passagesOf } from './passages.ts';
import { STAGES } from './setups.ts';
import { judgeStage } from './stages/judge.ts';

/** What a corpus holds, and a sample of it that does not depend on its order. */
export interface CorpusMeasure {
  passages: number;
  tokens: number;
  sample: Passage[];
  report: CorpusReport;
}

/** Reads a corpus once; the sample are the passages whose hashes come first. */
export async function measureCorpus(
  config: SynthConfig,
  inputs: string[],
  sampleSize: number,
): Promise<CorpusMeasure> {
  const report = newCorpusReport();
  const sample: { rank: string; passage: Passage }[] = [];
  let [passages, tokens] = [0, 0];
  for await (const passage of passagesOf(config, inputs, report)) {
    passages += 1;
    tokens += estimateTokens(passage.text);
    keepFirst(sample, { rank: sha256(`${config.seed}/${passage.sha256}`), passage }, sampleSize);
    if (passages === config.limit) break;
  }
  return { passages, tokens, sample: sample.map(({ passage }) => passage), report };
}

/** What a stage is expected to ask for over a whole corpus. */
export interface StageEstimate {
  stage: StageName;
  endpoint: string;
  requests: number;
  prompt_tokens: number;
  cached_tokens: number;
  completion_tokens: number;
  cost_usd: number;
}

/**
 * Without a sample: the paper's shares and sizes (14% of passages are multi-step; 30 messages generated, 46 refined;
 * about 140 tokens a message with its tools), which another corpus or teacher will not keep. How many candidates are
 * turned down the paper does not say: a third is our guess, and so is that two thirds of a conversation are written anew.
 * A synthesizer is asked for every passage, unless the filter comes first.
 */
const ASSUMED = {
  multiStepShare: 0.14,
  turnedDownShare: 1 / 3,
  completion: {
    filter: 60,
    extract: 1600,
    generate: 4200,
    refine: 6800,
    synthesize: 6800,
    judge: 120,
    repair: 4500,
  },
} as const;

export function estimateFromPaper(
  config: SynthConfig,
  endpoints: Record<StageName, NamedEndpoint>,
  { passages, tokens }: CorpusMeasure,
): StageEstimate[] {
  const mean = passages === 0 ? 0 : tokens / passages;
  const { completion } = ASSUMED;
  const judged = config.refine ? completion.refine : completion.generate;
  const data: Record<StageName, number> = {
    filter: mean,
    extract: mean,
    generate: mean + completion.extract,
    refine: completion.extract + completion.generate,
    synthesize: mean,
    judge: completion.extract + judged,
    repair: mean + completion.extract + judged,
  };
  return activeStages(config).map((stage) => {
    const requests = requestsOf(stage, config, passages);
    const prompt = Math.round(requests * (constantTokens(stage, config) + data[stage]));
    const cached = Math.round(Math.max(0, requests - 1) * constantTokens(stage, config));
    return priced(stage, endpoints[stage], requests, prompt, cached, requests * completion[stage]);
  });
}

function requestsOf(stage: StageName, config: SynthConfig, passages: number): number {
  if (config.method === 'pipeline') return pipelineRequests(stage, config, passages);
  const { filter, candidates, fallback } = config.synthesizer;
  const own = filter ? Math.round(passages * ASSUMED.multiStepShare) : passages;
  const replaced = repairsOf(own, config);
  const isMended = repairBy(config) === 'teacher';
  const asked: Partial<Record<StageName, number>> = {
    filter: filter ? passages : 0,
    synthesize: own * candidates + (isMended ? 0 : replaced),
    judge: own + replaced,
    repair: isMended ? replaced : 0,
  };
  if (fallback === 'none') return asked[stage] ?? 0;
  const left = Math.round(own * ASSUMED.turnedDownShare ** (repairRounds(config) + 1));
  const more = filter
    ? stage === 'filter'
      ? 0
      : candidateRequests(stage, config, left)
    : pipelineRequests(stage, config, left);
  return (asked[stage] ?? 0) + more;
}

function pipelineRequests(stage: StageName, config: SynthConfig, passages: number): number {
  if (stage === 'filter') return passages;
  return candidateRequests(stage, config, Math.round(passages * ASSUMED.multiStepShare));
}

/** What multi-step passages take behind the filter; a mended candidate is judged once more. */
function candidateRequests(stage: StageName, config: SynthConfig, multiStep: number): number {
  const candidates = multiStep * config.workflows_per_passage;
  const repairs = repairsOf(candidates, config);
  if (stage === 'synthesize') return 0;
  if (stage === 'extract') return multiStep;
  if (stage === 'repair') return repairs;
  return stage === 'judge' ? candidates + repairs : candidates;
}

/** Each round of mending leaves fewer to mend. */
function repairsOf(candidates: number, config: SynthConfig): number {
  const rounds = Array.from({ length: repairRounds(config) }, (_, round) => round + 1);
  return Math.round(
    rounds.reduce((sum, round) => sum + candidates * ASSUMED.turnedDownShare ** round, 0),
  );
}

/** From the bills of a sample that was really run: each figure grows with the number of passages. */
export function estimateFromSample(
  endpoints: Record<StageName, NamedEndpoint>,
  bills: { stage: string; bill: Bill }[],
  config: SynthConfig,
  factor: number,
): StageEstimate[] {
  return activeStages(config).map((stage) => {
    const own = bills.filter((entry) => entry.stage === stage).map(({ bill }) => bill);
    const scaled = (key: 'requests' | 'prompt_tokens' | 'cached_tokens' | 'completion_tokens') =>
      Math.round(factor * own.reduce((sum, bill) => sum + bill[key], 0));
    return priced(
      stage,
      endpoints[stage],
      scaled('requests'),
      scaled('prompt_tokens'),
      scaled('cached_tokens'),
      scaled('completion_tokens'),
    );
  });
}

/** The tokens of a stage's constant part, which servers with a prefix cache read once. */
function constantTokens(stage: StageName, config: SynthConfig): number {
  return estimateTokens(constantPrompt(stage, config));
}

function constantPrompt(stage: StageName, config: SynthConfig): string {
  const format = config.stages[stage].answer;
  switch (stage) {
    case 'filter':
      return STAGES.filter.prompt(STAGES.filter.probe, format).system;
    case 'extract':
      return STAGES.extract.prompt(STAGES.extract.probe, format).system;
    case 'generate':
      return STAGES.generate.prompt(STAGES.generate.probe, format).system;
    case 'refine':
      return STAGES.refine.prompt(STAGES.refine.probe, format).system;
    case 'synthesize':
      return SYNTHESIZER_INSTRUCTION.text;
    case 'judge': {
      const { prompt, probe } = judgeStage(judgePromptOf(config));
      return prompt(probe, format).system;
    }
    case 'repair':
      return STAGES.repair.prompt(STAGES.repair.probe, format).system;
  }
}

function priced(
  stage: StageName,
  endpoint: NamedEndpoint,
  requests: number,
  prompt: number,
  cached: number,
  completion: number,
): StageEstimate {
  const usage = { prompt_tokens: prompt, cached_tokens: cached, completion_tokens: completion };
  return {
    stage,
    endpoint: endpoint.name,
    requests,
    ...usage,
    cost_usd: costOf({ ...usage, estimated: true }, endpoint.prices),
  };
}
