import { rejectedTotal } from '../core/run/funnel.ts';
import { type SynthConfig, usesPipeline } from './config.ts';
import { usd } from './summary.ts';
import type { SynthProgress } from './synth-job.ts';

/** What a program reads of a run under way (`--json`). */
export interface ProgressRecord {
  seconds: number;
  passages: number;
  multi_step: number;
  generated: number;
  refined: number;
  /** Samples of a synthesizer, and passages that the pipeline took over from it. */
  synthesized: number;
  fallback: number;
  accepted: number;
  rejected: number;
  /** Of the rejected, those whose judge gave no readable verdict. */
  unscored: number;
  /** Candidates that were turned down and mended, and those of them that were accepted then. */
  repair_tried: number;
  repaired: number;
  /** Passages that found no server in this session. */
  failed: number;
  in_flight: number;
  waiting: number;
  concurrency: number;
  requests: number;
  tokens_per_second: number;
  cost_usd: number;
  eta_seconds: number | null;
  /** Why the last of the requests that failed of late did. */
  last_failure: string | null;
}

interface Moment {
  seconds: number;
  tokens: number;
  passages: number;
  accepted: number;
}

/** Keeps the last moments, so that rates and the time left follow what happens now. */
export class ProgressMeter {
  readonly #config: SynthConfig;
  readonly #moments: Moment[] = [];

  constructor(config: SynthConfig) {
    this.#config = config;
  }

  record(progress: SynthProgress): ProgressRecord {
    const { run, engine, endpoints, sessionSeconds } = progress;
    const { funnel } = run.log;
    const total = run.ledger.total();
    const loads = endpoints.map((endpoint) => engine.load(endpoint));
    const now = {
      seconds: sessionSeconds,
      tokens: total.prompt_tokens + total.completion_tokens,
      passages: funnel.passages,
      accepted: funnel.accepted,
    };
    const rate = this.#rates(now);
    return {
      seconds: Math.round(sessionSeconds),
      passages: funnel.passages,
      multi_step: funnel.multi_step,
      generated: funnel.generated,
      refined: funnel.refined,
      synthesized: funnel.synthesized,
      fallback: funnel.fallback,
      accepted: funnel.accepted,
      rejected: rejectedTotal(funnel),
      unscored: funnel.unscored,
      repair_tried: funnel.repair_tried,
      repaired: funnel.repaired,
      failed: progress.failed,
      in_flight: sum(loads.map(({ inFlight }) => inFlight)),
      waiting: sum(loads.map(({ waiting }) => waiting)),
      concurrency: sum(loads.map(({ limit }) => limit)),
      requests: total.requests,
      tokens_per_second: Math.round(rate('tokens')),
      cost_usd: total.cost_usd,
      eta_seconds: this.#eta(now, rate),
      last_failure: progress.lastFailure,
    };
  }

  #rates(now: Moment): (key: 'tokens' | 'passages' | 'accepted') => number {
    this.#moments.push(now);
    if (this.#moments.length > 60) this.#moments.shift();
    const first = this.#moments[0] ?? now;
    const seconds = now.seconds - first.seconds;
    return (key) => (seconds > 0 ? (now[key] - first[key]) / seconds : 0);
  }

  /** Seconds to the target or the limit, whichever comes first; unknown for a corpus of unknown length. */
  #eta(
    now: { passages: number; accepted: number },
    rate: (key: 'passages' | 'accepted') => number,
  ): number | null {
    const { target, limit } = this.#config;
    const left = [
      target === undefined ? Number.POSITIVE_INFINITY : (target - now.accepted) / rate('accepted'),
      limit === undefined ? Number.POSITIVE_INFINITY : (limit - now.passages) / rate('passages'),
    ];
    const seconds = Math.min(...left.filter((value) => !Number.isNaN(value)));
    return Number.isFinite(seconds) && seconds >= 0 ? Math.round(seconds) : null;
  }
}

/** The progress line for people; where it is too long for a width, what matters least is left out. */
export function progressLine(record: ProgressRecord, config: SynthConfig, width: number): string {
  const parts = progressParts(record, config);
  for (const spare of SPARE) {
    if (parts.join('  ').length <= width) break;
    const at = parts.findIndex((part) => spare.test(part));
    if (at !== -1) parts.splice(at, 1);
  }
  return parts.join('  ');
}

/** What a narrow terminal can do without, in this order. */
const SPARE = [/^generated/, /^refined/, /^mended/, /tok\/s$/, /^multi-step/, /^in flight/];

function progressParts(record: ProgressRecord, config: SynthConfig): string[] {
  const of = config.target === undefined ? '' : `/${config.target}`;
  const passages =
    config.limit === undefined ? `${record.passages}` : `${record.passages}/${config.limit}`;
  return [
    clock(record.seconds),
    `passages ${passages}`,
    ...(config.method === 'synthesizer' ? [`synthesized ${record.synthesized}`] : []),
    ...(config.method === 'synthesizer' && usesPipeline(config)
      ? [`taken over ${record.fallback}`]
      : []),
    ...(usesPipeline(config) ? [`multi-step ${record.multi_step}`] : []),
    ...(usesPipeline(config) ? [`generated ${record.generated}`] : []),
    ...(usesPipeline(config) && config.refine ? [`refined ${record.refined}`] : []),
    `accepted ${record.accepted}${of}`,
    `rejected ${record.rejected}`,
    ...(record.unscored === 0 ? [] : [`unscored ${record.unscored}`]),
    ...(record.repair_tried === 0 ? [] : [`mended ${record.repaired}/${record.repair_tried}`]),
    ...(record.failed === 0 ? [] : [`failed ${record.failed}`]),
    `in flight ${record.in_flight}/${record.concurrency}`,
    `${record.tokens_per_second.toLocaleString('en-US')} tok/s`,
    `${usd(record.cost_usd)} USD`,
    ...(record.eta_seconds === null ? [] : [`ETA ${clock(record.eta_seconds)}`]),
    ...(record.last_failure === null ? [] : [`last failure: ${record.last_failure.slice(0, 80)}`]),
  ];
}

function clock(seconds: number): string {
  const [hours, minutes, rest] = [
    Math.floor(seconds / 3600),
    Math.floor(seconds / 60) % 60,
    seconds % 60,
  ];
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  return hours > 0 ? `${hours}:${two(minutes)}:${two(rest)}` : `${two(minutes)}:${two(rest)}`;
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0);
