import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, test } from 'vitest';
import { bashCommand } from '../../core/launch/bash-words.ts';
import { readCluster } from '../../core/launch/cluster.ts';
import { sbatchScript } from '../../core/launch/sbatch-script.ts';
import { packageRoot } from '../../core/package-root.ts';
import type { Dataset } from '../../train/dataset.ts';
import { trainingJob } from '../../train/launch/slurm-job.ts';
import { modelSource } from '../../train/model-source.ts';
import { readRecipe } from '../../train/read-recipe.ts';
import { type Recipe, TrainerName } from '../../train/recipe.ts';
import type { Place, TrainerPlan } from '../../train/trainers/plan.ts';
import { TRAINERS } from '../../train/trainers/trainers.ts';

const RECIPES = globSync('*.yaml', { cwd: join(packageRoot(), 'configs', 'recipes') })
  .map((file) => file.replace(/\.yaml$/, ''))
  .sort();

/** Every shipped recipe, by every trainer, in both places: what the trainer is given, as files to look at. */
describe.each(RECIPES)('%s', (name) => {
  test.each(TrainerName.options)('by %s', async (trainer) => {
    const { recipe } = await readRecipe(name, [`trainer=${trainer}`]);
    const local = planned(recipe, 'local');
    const slurm = planned(recipe, 'slurm');
    // The places differ in how a job finds its checkpoint by itself, so in the command only.
    expect(slurm.files).toEqual(local.files);
    const text = [
      ...shownFiles(local),
      ...shownCommand(local),
      await shownJob(name, recipe, slurm),
    ];
    await expect(text.join('\n')).toMatchFileSnapshot(`golden/${name}/${trainer}.txt`);
  });
});

test.each(TrainerName.options)(
  'FSDP2, packing, flash attention and some layers only, by %s',
  async (trainer) => {
    const { recipe } = await readRecipe('gem-qwen3-8b', [
      `trainer=${trainer}`,
      'sharding=fsdp2',
      'packing=true',
      'attention=flash_attention_2',
      'revision=main',
      'method={ kind: lora, r: 8, alpha: 16, targets: [q_proj, v_proj] }',
    ]);
    const plan = planned(recipe, 'local', '/work/out/checkpoints/checkpoint-50');
    const text = [...shownFiles(plan), ...shownCommand(plan)].join('\n');
    await expect(text).toMatchFileSnapshot(`golden/fsdp2/${trainer}.txt`);
  },
);

test.each(TrainerName.options)(
  'four nodes of a cluster with modules and an environment of its own, after two other jobs, by %s',
  async (trainer) => {
    const { recipe } = await readRecipe('gem-qwen3-32b', [
      `trainer=${trainer}`,
      // It is refused for all weights by axolotl.
      `sharding=${trainer === 'axolotl' ? 'zero3' : 'fsdp2'}`,
      'nodes=4',
      'gpus=4',
    ]);
    const plan = planned(recipe, 'slurm', null, 'python');
    const job = await shownJob('gem-qwen3-32b', recipe, plan, 'example', ['41', '42']);
    await expect(`${shownFiles(plan).join('\n')}${job}`).toMatchFileSnapshot(
      `golden/cluster/${trainer}.txt`,
    );
  },
);

test.each(['none', 'fsdp2'])(
  'axolotl is not given all weights in bf16 with sharding %s, and is in other ways',
  async (sharding) => {
    const settings = ['trainer=axolotl', `sharding=${sharding}`, 'gpus=1'];
    const { recipe } = await readRecipe('gem-qwen3-8b', settings);
    expect(() => planned(recipe, 'local')).toThrow(
      `axolotl, training all weights in bf16 with sharding ${sharding}, has no copy of them in single precision, and small updates would be lost: --set sharding=zero3, `,
    );
    for (const other of ['method={ kind: lora }', 'precision=fp32', 'sharding=zero3']) {
      const changed = await readRecipe('gem-qwen3-8b', [...settings, other]);
      expect(planned(changed.recipe, 'local').trainer).toBe('axolotl');
    }
  },
);

test('each golden file is of a recipe and a trainer that there are', () => {
  const expected = [...RECIPES, 'cluster', 'fsdp2'].flatMap((name) =>
    TrainerName.options.map((trainer) => `${name}/${trainer}.txt`),
  );
  const found = globSync('**/*.txt', { cwd: join(import.meta.dirname, 'golden') });
  expect(found.sort()).toEqual(expected.sort());
});

function planned(
  recipe: Recipe,
  on: Place['on'],
  resumeFrom: string | null = null,
  python = '/work/env/bin/python',
): TrainerPlan {
  const place: Place = {
    on,
    python,
    out: '/work/out',
    model: modelSource(recipe.model, '/work/out'),
    resumeFrom,
  };
  return TRAINERS[recipe.trainer](recipe, dataset(recipe.task), place);
}

function dataset(task: Dataset['task']): Dataset {
  const entry = (split: string) => ({ path: `/work/data/axolotl/${split}.jsonl`, type: 'x' });
  return {
    folder: '/work/data',
    name: 'gem',
    task,
    sha256: '0',
    offline: false,
    train: { rows: 10_000, tokens: 80_000_000 },
    validation: { rows: 200, tokens: 1_600_000 },
    longest: 30_000,
    tokenizer: 'qwen3',
    names: { train: 'gem', validation: 'gem_validation' },
    entries: { train: [entry('train')], validation: [entry('validation')] },
  };
}

function shownFiles({ files }: TrainerPlan): string[] {
  return files.map(({ path, text }) => `== ${path}\n${text}`);
}

function shownCommand({ argv, env, progress, result }: TrainerPlan): string[] {
  const variables = Object.entries(env).map(([key, value]) => `${key}=${value}`);
  return [
    `== command\n${variables.join('\n')}\n${bashCommand(argv)}`,
    `\n== progress in ${progress.path} (${progress.form})`,
    `== result in ${result.folder}${result.isLastCheckpoint ? ', its last checkpoint' : ''}`,
  ];
}

async function shownJob(
  name: string,
  recipe: Recipe,
  plan: TrainerPlan,
  clusterName = 'loopback',
  after: readonly string[] = [],
): Promise<string> {
  const file = join(packageRoot(), 'configs', 'clusters', `${clusterName}.yaml`);
  const place = { out: '/work/out' };
  const job = trainingJob({ name, recipe, plan, place, after }, await readCluster(file));
  return `\n== job script\n${sbatchScript(job)}`;
}
