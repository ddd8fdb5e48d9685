// Prints the tables of docs/scale.md from scripts/scale-assumptions.ts and from the tokens that `estimate` counts for
// each stage: npx tsx scripts/scale-table.ts
import { Endpoint } from '../core/llm/endpoint.ts';
import { StageName } from '../core/trajectory.ts';
import { SynthConfig } from '../synth/config.ts';
import { newCorpusReport } from '../synth/corpus/report.ts';
import { estimateFromPaper, type StageEstimate } from '../synth/estimate.ts';
import { ASSUMED } from './scale-assumptions.ts';

type Model = keyof typeof ASSUMED.models;
type Method = 'pipeline' | 'synthesizer';

/** The passages from which the shares are worked out: enough that rounding says nothing. */
const PASSAGES = 10_000_000;
const TITLES: Record<Method, string> = {
  pipeline: 'Pipeline: filter by the 8B model, all else by the 32B model',
  synthesizer: 'Synthesizer: filter and trajectory by the 8B model, judge by the 32B model',
};

for (const method of ['pipeline', 'synthesizer'] as const) {
  const stages = stagesOf(method);
  const accepted = acceptedOf(stages);
  process.stdout.write(`### ${TITLES[method]}\n\n`);
  process.stdout.write(`${stageTable(method, stages, accepted)}\n`);
  process.stdout.write(`${sizeTable(method, stages, accepted)}\n`);
}

function stagesOf(method: Method): StageEstimate[] {
  const config = SynthConfig.parse({ method, synthesizer: { filter: true } });
  const prices = {
    input: ASSUMED.hosted.input,
    cached_input: ASSUMED.hosted.cachedInput,
    output: ASSUMED.hosted.output,
  };
  const endpoint = {
    ...Endpoint.parse({ base_url: 'http://127.0.0.1', model: 'any', prices }),
    name: 'any',
  };
  const entries = StageName.options.map((stage) => [stage, endpoint] as const);
  // Object.fromEntries forgets which keys the entries came from.
  const endpoints = Object.fromEntries(entries) as Record<StageName, typeof endpoint>;
  const tokens = PASSAGES * ASSUMED.passageTokens;
  const measure = { passages: PASSAGES, tokens, sample: [], report: newCorpusReport() };
  return estimateFromPaper(config, endpoints, measure);
}

/** Each multi-step passage is one candidate, mended or drawn again once where it is turned down. */
function acceptedOf(stages: readonly StageEstimate[]): number {
  const first = stages.find(({ stage }) => stage === 'generate' || stage === 'synthesize');
  const repaired = stages.find(({ stage }) => stage === 'generate') !== undefined;
  // A synthesizer's second samples are in its own requests, the pipeline's repairs are not.
  const candidates = (first?.requests ?? 0) / (repaired ? 1 : 1 + ASSUMED.turnedDown);
  return candidates * (1 - ASSUMED.turnedDown ** 2);
}

function modelOf(method: Method, stage: StageName): Model {
  if (stage === 'filter') return '8B';
  return method === 'synthesizer' && stage === 'synthesize' ? '8B' : '32B';
}

/** Seconds of one GPU, without the time that it waits. */
function gpuSeconds(method: Method, one: StageEstimate): number {
  const { prefill, decode } = ASSUMED.models[modelOf(method, one.stage)];
  return (one.prompt_tokens - one.cached_tokens) / prefill + one.completion_tokens / decode;
}

function stageTable(method: Method, stages: readonly StageEstimate[], accepted: number): string {
  const total = sum(stages, (one) => gpuSeconds(method, one));
  const rows = stages.map((one) => [
    one.stage,
    modelOf(method, one.stage),
    (one.requests / accepted).toFixed(2),
    whole(one.prompt_tokens / accepted),
    whole(one.cached_tokens / accepted),
    whole(one.completion_tokens / accepted),
    (gpuSeconds(method, one) / accepted).toFixed(2),
    `${((100 * gpuSeconds(method, one)) / total).toFixed(0)}%`,
  ]);
  const head = ['stage', 'model', 'requests', 'prompt', 'of it cached', 'completion', 'GPU s', ''];
  return `For each accepted trajectory:\n\n${markdown(head, rows)}`;
}

function sizeTable(method: Method, stages: readonly StageEstimate[], accepted: number): string {
  const head = ['accepted', 'passages', 'requests', 'GPU hours', 'GPUs', 'hours', 'USD, own GPUs'];
  const more = ['USD, 32B hosted', 'disk', 'shards', 'files', 'h to read', 'memory'];
  const rows = ASSUMED.sizes.map(({ accepted: wanted, gpus }) => {
    const factor = wanted / accepted;
    const passages = factor * PASSAGES;
    const seconds = factor * sum(stages, (one) => gpuSeconds(method, one));
    const hours = seconds / 3600 / ASSUMED.utilisation;
    const shards = shardsOf(passages, gpus);
    return [
      whole(wanted),
      rounded(passages),
      rounded(factor * sum(stages, ({ requests }) => requests)),
      rounded(hours),
      whole(gpus),
      (hours / gpus).toFixed(1),
      rounded(hours * ASSUMED.gpuHour),
      rounded(factor * hostedUsd(method, stages)),
      bytes(factor * diskBytes(stages, accepted)),
      whole(shards),
      whole(shards * ASSUMED.filesPerShard),
      ((passages * ASSUMED.readSeconds) / 3600).toFixed(2),
      bytes(passages * ASSUMED.hashBytes),
    ];
  });
  return markdown([...head, ...more], rows);
}

/** With the 32B model's stages at a provider's price, and the 8B model's on GPUs of one's own. */
function hostedUsd(method: Method, stages: readonly StageEstimate[]): number {
  return sum(stages, (one) => {
    if (modelOf(method, one.stage) === '32B') return one.cost_usd;
    return (gpuSeconds(method, one) / 3600 / ASSUMED.utilisation) * ASSUMED.gpuHour;
  });
}

/** At least two a node, so that a lost one costs less; more where one would get too many passages. */
function shardsOf(passages: number, gpus: number): number {
  const nodes = gpus / ASSUMED.gpusPerNode;
  return Math.max(2 * nodes, Math.ceil(passages / ASSUMED.passagesPerShard));
}

/** Journal (prompts without their constant part, answers), marks, rows accepted and turned down for good. */
function diskBytes(stages: readonly StageEstimate[], accepted: number): number {
  const { bytesPerToken, bytesPerRequest, bytesPerPassage, bytesPerRow } = ASSUMED;
  const journal = sum(stages, (one) => {
    const tokens = one.prompt_tokens - one.cached_tokens + one.completion_tokens;
    return tokens * bytesPerToken + one.requests * bytesPerRequest;
  });
  const candidates = accepted / (1 - ASSUMED.turnedDown ** 2);
  const last = stages.find(({ stage }) => stage === 'refine' || stage === 'synthesize');
  const messages = last === undefined ? 0 : last.completion_tokens / last.requests;
  const row = (messages + ASSUMED.passageTokens) * bytesPerToken + bytesPerRow;
  return journal + PASSAGES * bytesPerPassage + candidates * row;
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}

function whole(value: number): string {
  return Math.round(value).toLocaleString('en-US');
}

/** Three digits that count, for figures that are no better known. */
function rounded(value: number): string {
  return Number(value.toPrecision(3)).toLocaleString('en-US');
}

function bytes(value: number): string {
  const [unit, size] =
    value >= 1e12
      ? (['TB', 1e12] as const)
      : value >= 1e9
        ? (['GB', 1e9] as const)
        : (['MB', 1e6] as const);
  return `${rounded(value / size)} ${unit}`;
}

function markdown(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return `${[line(head), line(head.map((_, at) => (at === 0 ? '---' : '--:'))), ...rows.map(line)].join('\n')}\n`;
}
