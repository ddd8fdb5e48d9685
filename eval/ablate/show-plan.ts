import { UsageError } from '../../core/errors.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { terminal } from '../../core/terminal.ts';
import { describeCorpusReport } from '../../synth/corpus/report.ts';
import { measureCorpus } from '../../synth/estimate.ts';
import { blockLines } from '../compare/lines.ts';
import type { AblationConfig } from './config.ts';
import type { AblationPlan } from './plan.ts';
import { planBlocks, type RunOutlook } from './plan-blocks.ts';
import { estimateRuns } from './shared-requests.ts';

/** Prints what an ablation would do, and asks nothing. @throws UsageError where the input has no passage */
export async function printPlan(
  plan: AblationPlan,
  config: AblationConfig,
  json: boolean,
): Promise<void> {
  const [first] = plan.runs;
  if (first === undefined) return;
  const measure = await measureCorpus(first.config, config.input, 0);
  if (measure.passages === 0)
    throw new UsageError(
      ['the input has no passage that can be used', ...describeCorpusReport(measure.report)].join(
        '\n',
      ),
    );
  const estimates = estimateRuns(plan.runs, measure);
  const outlooks: RunOutlook[] = [];
  for (const [index, run] of plan.runs.entries()) {
    const estimate = estimates[index];
    if (estimate !== undefined) outlooks.push({ run, estimate, state: await stateOf(run.folder) });
  }
  if (json) terminal.print(JSON.stringify(recordOf(outlooks, plan, measure.passages)));
  else
    for (const line of blockLines(planBlocks(outlooks, plan, measure.passages)).slice(1))
      terminal.print(line);
}

async function stateOf(folder: string): Promise<string> {
  const manifest = await readManifest(folder);
  if (manifest === undefined) return 'nothing';
  const { state, funnel } = manifest;
  return `${state === 'running' ? 'begun' : state}, ${funnel.passages} passages`;
}

function recordOf(outlooks: RunOutlook[], { skipped }: AblationPlan, passages: number) {
  return {
    kind: 'plan',
    passages,
    runs: outlooks.map(({ run, state, estimate }) => ({
      variant: run.variant.name,
      seed: run.seed,
      folder: run.folder,
      state,
      stages: estimate.stages,
    })),
    skipped,
  };
}
