import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { flagValue } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import { watchInterrupts } from '../../core/interrupts.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { SynthConfig } from '../config.ts';
import {
  calibrateJudge,
  estimateJudging,
  type JudgeCalibrationJob,
} from '../judge-calibration/calibrate-judge.ts';
import { JudgeTally } from '../judge-calibration/judge-tally.ts';
import type { JudgeSample, SampledRow } from '../judge-calibration/sample.ts';
import { setUp } from '../setups.ts';
import { type JudgePrompt, judgeStage } from '../stages/judge.ts';
import type { SynthProgress } from '../synth-job.ts';
import type { LeftOut } from './calibration-lines.ts';
import { openJudge } from './judge-endpoint.ts';
import { estimateLine, judgeJson, judgeLines } from './judge-lines.ts';

/** The flags that say who is measured and how. */
export interface JudgeFlags {
  judge: string;
  judgePrompt?: JudgePrompt | undefined;
  endpoints?: string | undefined;
  out?: string | undefined;
  budget?: number | undefined;
  seed: number;
  json: boolean;
}

/**
 * Asks a judge about a sample of clean rows and their corruptions, and prints what it caught.
 * @throws UsageError for what the user can fix
 */
export async function measureJudge(
  flags: JudgeFlags,
  sample: JudgeSample,
  left: LeftOut,
): Promise<void> {
  const rows = sample.chosen();
  if (rows.length === 0) throw new UsageError('no clean row is a conversation that can be judged');
  const judge = await openJudge(flags.judge, flags.endpoints);
  const temporary = join(tmpdir(), 'gem-traj-judge-');
  const folder = flags.out === undefined ? await mkdtemp(temporary) : runFolder(flags.out);
  const interrupts = watchInterrupts();
  try {
    const asked = await jobOf(flags, judge.endpoint, rows);
    terminal.note(estimateLine(asked, estimateJudging(asked)));
    const tally = new JudgeTally();
    const { stopping, aborting } = interrupts;
    const job = { ...asked, folder, stopping, aborting, onProgress: progressPrinter(rows.length) };
    const manifest = await calibrateJudge(job, tally);
    terminal.settle();
    if (flags.json) terminal.print(JSON.stringify(judgeJson(asked, tally, manifest, left)));
    else for (const line of judgeLines(asked, tally, manifest, left)) terminal.print(line);
    if (manifest.state === 'stopped') terminal.note(wayOn(manifest.message, flags.out));
    if (stopping.aborted) process.exitCode = 130;
    else if (manifest.state !== 'finished') process.exitCode = 1;
  } finally {
    terminal.settle();
    interrupts.forget();
    await judge.close();
    if (flags.out === undefined) await rm(folder, { recursive: true, force: true });
  }
}

type Asked = Omit<JudgeCalibrationJob, 'folder' | 'stopping' | 'aborting' | 'onProgress'>;

async function jobOf(
  { seed, judgePrompt, budget }: JudgeFlags,
  endpoint: NamedEndpoint,
  rows: SampledRow[],
): Promise<Asked> {
  const defaults = SynthConfig.parse({ seed });
  const prompt = judgePrompt ?? defaults.judge_prompt;
  return {
    rows,
    setup: await setUp(judgeStage(prompt), defaults, endpoint),
    prompt,
    seed,
    maxFailedShare: defaults.max_failed_share,
    ...(budget === undefined
      ? {}
      : { budgetUsd: flagValue('budget', z.number().positive(), budget) }),
  };
}

/** On a terminal a live line, in a file every tenth. */
function progressPrinter(rows: number): (progress: SynthProgress) => void {
  let lines = 0;
  return ({ run, engine, endpoints, lastFailure }) => {
    lines += 1;
    if (!terminal.isInteractive && lines % 10 !== 1) return;
    const { requests } = run.ledger.total();
    const inFlight = endpoints.reduce((sum, one) => sum + engine.load(one).inFlight, 0);
    const failure = lastFailure === null ? '' : `  last failure: ${lastFailure.slice(0, 80)}`;
    terminal.live(() => `${rows} rows  ${requests} answers  in flight ${inFlight}${failure}`);
  };
}

function wayOn(message: string | null, out: string | undefined): string {
  const how =
    out === undefined
      ? 'with --out FOLDER a stopped calibration can be gone on with'
      : 'run the same command again and it goes on';
  return `stopped: ${message ?? ''}; the figures are of what was judged so far; ${how}`;
}
