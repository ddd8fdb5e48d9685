import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { packageRoot } from '../../core/package-root.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { readYaml } from '../../core/yaml.ts';
import { SynthConfig } from '../../synth/config.ts';
import { readTrainManifest, requireTraining } from '../../train/manifest.ts';
import { runningProcess } from '../../train/resume.ts';
import { gemTraj, script, typed } from './run-command.ts';
import type { DemoSize, StepName } from './size.ts';
import type { SplitCorpus } from './split-corpus.ts';
import { withServer } from './with-server.ts';

/** The folders of a demo, as a reader would type them. */
export function foldersIn(work: string) {
  const below = (name: string) => typed(join(work, name));
  return {
    run: (seed: number) => below(`pipeline-${seed}`),
    dataset: below('dataset'),
    training: below('training'),
    endpoints: below('served/smollm2.yaml'),
    synthesizer: below('held-out-synthesizer'),
    baseline: below('held-out-pipeline'),
    comparison: below('comparison'),
    config: below('synth-quick.yaml'),
  };
}

/** One step of the demo: `gem-traj` commands that can each be started again. */
export interface Step {
  name: StepName;
  title: string;
  /** Whether nothing is left to do. */
  isDone?: () => Promise<boolean>;
  run: () => Promise<void>;
}

/** The whole life cycle, in order. */
export function stepsOf(work: string, size: DemoSize, corpus: SplitCorpus): Step[] {
  const at = foldersIn(work);
  const runs = size.seeds.map(at.run);
  const config = size.answerTokens === null ? BRIEF : at.config;
  const settings = ['--config', config, '--offline', '--offline-size', 'brief'];
  const heldOut = ['--input', typed(corpus.heldOut), ...settings, ...limit(size.heldOutPassages)];
  return [
    {
      name: 'environments',
      title: 'Python environments to train and to serve in',
      run: async () => {
        await script('scripts/python-env', 'smollm2');
        await script('scripts/python-env', 'serve');
      },
    },
    {
      name: 'pipeline',
      title:
        'trajectories by the pipeline, with the offline teacher, from the documents to learn from',
      run: async () => {
        await writeConfig(at.config, size);
        const input = ['--input', typed(corpus.learnFrom), ...settings, ...limit(size.passages)];
        const workflows = ['--workflows-per-passage', String(size.workflowsPerPassage)];
        for (const seed of size.seeds)
          await gemTraj([
            'synth',
            ...input,
            ...workflows,
            '--seed',
            String(seed),
            '--run',
            at.run(seed),
          ]);
      },
    },
    {
      name: 'distill',
      title: 'pairs of passage and trajectory as a dataset',
      run: () =>
        gemTraj([
          'distill',
          ...runs.flatMap((run) => ['--run', run]),
          ...(runs.length > 1 ? ['--allow-mixed'] : []),
          ...['--task', 'synthesizer', '--allow-offline', '--trainer', 'trl', '--no-columnar'],
          // Other documents are held out, all of them.
          ...['--validation', '0', '--out', at.dataset],
        ]),
    },
    {
      name: 'train',
      title: 'SmolLM2-135M learns to go from passage to trajectory',
      isDone: async () => (await readTrainManifest(at.training))?.state === 'finished',
      run: () => train(at.training, at.dataset, size),
    },
    {
      name: 'synthesize',
      title:
        'the trained model is served and writes trajectories for the passages that were held out',
      isDone: async () => (await readManifest(at.synthesizer))?.state === 'finished',
      run: () => synthesize(at, heldOut),
    },
    {
      name: 'baseline',
      title: 'the pipeline on the same passages',
      run: () => gemTraj(['synth', ...heldOut, '--run', at.baseline]),
    },
    {
      name: 'compare',
      title: 'both beside each other',
      run: () =>
        gemTraj([
          ...['eval', 'compare', at.baseline, at.synthesizer],
          ...['--training', at.dataset, '--out', at.comparison],
        ]),
    },
    {
      name: 'report',
      title: 'everything on one page',
      run: () => gemTraj(['report', typed(work)]),
    },
  ];
}

const BRIEF = 'configs/synth-brief.yaml';

function limit(passages: number | null): string[] {
  return passages === null ? [] : ['--limit', String(passages)];
}

/** The shipped configuration with shorter answers. */
async function writeConfig(path: string, { answerTokens }: DemoSize): Promise<void> {
  if (answerTokens === null) return;
  const { corpus, refine, bad_answer_retries, stages } = await readYaml(
    join(packageRoot(), BRIEF),
    SynthConfig,
  );
  const { synthesize } = stages;
  const sampling = { ...synthesize.sampling, max_tokens: answerTokens };
  const config = { corpus, refine, bad_answer_retries, stages: { synthesize: { sampling } } };
  await writeFile(resolve(packageRoot(), path), stringify(config));
}

async function train(out: string, dataset: string, { recipeSettings }: DemoSize): Promise<void> {
  const before = await readTrainManifest(out);
  // Killed before it was written down that there is a training.
  if (before === undefined) await rm(resolve(packageRoot(), out), { recursive: true, force: true });
  if (before !== undefined && runningProcess(before) !== null) {
    await gemTraj(['train', 'status', out, '--follow']);
    return;
  }
  const settings = recipeSettings.flatMap((setting) => ['--set', setting]);
  const recipe = ['--recipe', 'synthesizer-smollm2-135m', ...settings];
  const resume = before === undefined ? [] : ['--resume'];
  await gemTraj(['train', ...recipe, '--data', dataset, '--out', out, ...resume]);
}

async function synthesize(
  at: ReturnType<typeof foldersIn>,
  heldOut: readonly string[],
): Promise<void> {
  const { model, result } = await requireTraining(at.training);
  if (result === null) throw new Error(`${at.training} has no trained weights`);
  const server = ['--with', 'transformers', '--env', 'serve', '--port', '0', '--name', 'smollm2'];
  await withServer([model, '--adapter', result, ...server], at.endpoints, () =>
    gemTraj([
      ...['synth', '--method', 'synthesizer', '--endpoints', at.endpoints, '--endpoint', 'smollm2'],
      // One answer for a passage, as it comes: nothing is mended, and the best of several is not chosen.
      ...[...heldOut, '--filter', '--repair', '0', '--run', at.synthesizer],
    ]),
  );
}
