import { describe, expect, it } from 'vitest';
import { Endpoint } from '../../../core/llm/endpoint.ts';
import { AblationConfig } from '../../../eval/ablate/config.ts';
import { planRuns } from '../../../eval/ablate/plan.ts';
import { configOf, variantsOf } from '../../../eval/ablate/variants.ts';
import { resolveEndpoints } from '../../../synth/resolve-endpoints.ts';

/** The variants' configurations by name, and what was left out. */
function planned(file: object, fromFile: Record<string, unknown> = {}, offline = false) {
  const config = AblationConfig.parse(file);
  const { variants, skipped } = variantsOf(config, fromFile, offline);
  const configs = variants.map((variant) => [variant.name, configOf(variant, config, 3)] as const);
  return { configs: Object.fromEntries(configs), names: configs.map(([name]) => name), skipped };
}

describe('the variants of an ablation', () => {
  it('are the paper’s arm with one thing taken away each, the extended checks an arm of their own', () => {
    const { configs, names, skipped } = planned({ settings: { language: 'German' }, limit: 7 });
    expect(names).toEqual(['full', 'no-refine', 'no-judge', 'no-check', 'extended-checks']);
    expect(skipped.map(({ name }) => name)).toEqual(['synthesizer']);
    const common = { judge_prompt: 'paper', repair: 0, language: 'German', limit: 7, seed: 3 };
    const on = { refine: true, check: true, judge: true, gate: 'paper' };
    expect(configs.full).toMatchObject({ ...common, ...on });
    expect(configs['no-refine']).toMatchObject({ ...common, ...on, refine: false });
    expect(configs['no-judge']).toMatchObject({ ...common, ...on, judge: false });
    expect(configs['no-check']).toMatchObject({ ...common, ...on, check: false });
    expect(configs['extended-checks']).toMatchObject({ ...common, ...on, gate: 'strict' });
  });

  it('take the settings of a file, over them their own, and have more of them where the file names them', () => {
    const { configs, names } = planned(
      {
        settings: { stages: { generate: { sampling: { top_p: 0.5 } } } },
        variants: {
          'no-judge': false,
          full: { workflows_per_passage: 2 },
          warm: { stages: { generate: { sampling: { temperature: 1 } } } },
        },
      },
      { gate: 'strict', stages: { generate: { endpoint: 'mine', sampling: { temperature: 0 } } } },
    );
    expect(names).toEqual(['full', 'no-refine', 'no-check', 'extended-checks', 'warm']);
    expect(configs.full?.workflows_per_passage).toBe(2);
    expect(configs.warm).toMatchObject({ gate: 'strict', workflows_per_passage: 1 });
    expect(configs.warm?.stages.generate).toMatchObject({
      endpoint: 'mine',
      sampling: { temperature: 1, top_p: 0.5 },
    });
  });

  it('give the pipeline’s endpoint to every stage beside the synthesizer’s own', () => {
    const { configs } = planned({
      settings: { endpoint: 'teacher', stages: { judge: { endpoint: 'judge' } } },
      variants: { synthesizer: { endpoint: 'small' } },
    });
    const { synthesizer } = configs;
    expect(synthesizer).toMatchObject({ method: 'synthesizer', endpoint: 'small' });
    const endpoints = Object.entries(synthesizer?.stages ?? {}).map(([stage, { endpoint }]) => [
      stage,
      endpoint,
    ]);
    expect(Object.fromEntries(endpoints)).toMatchObject({
      filter: 'teacher',
      judge: 'judge',
      synthesize: undefined,
    });
  });

  it('are all the offline teacher’s where it is asked for, but for a synthesizer that is named', () => {
    const from = { stages: { judge: { endpoint: 'judge' }, filter: { endpoint: 'small' } } };
    const rules = planned({}, from, true).configs.synthesizer;
    expect(rules?.stages.judge.endpoint).toBeUndefined();
    expect(rules?.endpoint).toBeUndefined();
    const named = planned({ variants: { synthesizer: { endpoint: 'mine' } } }, from, true);
    expect(named.configs.synthesizer?.endpoint).toBe('mine');
    expect(named.configs.synthesizer?.stages.filter.endpoint).toBeUndefined();
  });

  it('are left out where they come out as another one, with a word', async () => {
    const config = AblationConfig.parse({
      settings: { gate: 'strict' },
      variants: { same: {} },
      seeds: [0, 5, 5],
    });
    const offline = {
      name: 'offline',
      ...Endpoint.parse({ base_url: 'http://127.0.0.1:1/v1', model: 'rules' }),
    };
    const { runs, skipped } = await planRuns(
      variantsOf(config, {}, true),
      config,
      'parent',
      (settings) => resolveEndpoints(settings, { stageEndpoints: [], offline }),
    );
    const names = ['full', 'no-refine', 'no-judge', 'no-check', 'synthesizer'];
    expect(runs.map(({ folder }) => folder)).toEqual([
      ...names.map((name) => `parent/${name}`),
      ...names.map((name) => `parent/${name}-seed-5`),
    ]);
    expect(skipped).toEqual([
      { name: 'extended-checks', why: 'its settings are those of full' },
      { name: 'same', why: 'its settings are those of full' },
    ]);
  });
});
