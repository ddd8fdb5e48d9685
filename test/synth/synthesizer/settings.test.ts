import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Endpoint } from '../../../core/llm/endpoint.ts';
import { fingerprintOf } from '../../../core/run/fingerprint.ts';
import { activeStages, SynthConfig } from '../../../synth/config.ts';
import { newCorpusReport } from '../../../synth/corpus/report.ts';
import { estimateFromPaper } from '../../../synth/estimate.ts';
import { resolveEndpoints } from '../../../synth/resolve-endpoints.ts';
import { fingerprintParts } from '../../../synth/run-settings.ts';
import { setUpStages } from '../../../synth/setups.ts';
import { runCommand } from '../../helpers/command.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, endpointsFile, synth } from '../commands/jobs.ts';

const ENTRY = '{ base_url: "http://127.0.0.1:9/v1", model: m }';
const OFFLINE = {
  ...Endpoint.parse({ base_url: 'http://127.0.0.1:9/v1', model: 'offline-teacher' }),
  name: 'offline',
};

const configOf = (settings: object = {}) =>
  SynthConfig.parse({ method: 'synthesizer', ...settings });

async function endpointsOf(settings: object, stageEndpoints: string[] = [], offline = false) {
  const file = await endpointsFile(await temporaryFolder(), { a: ENTRY, b: ENTRY, c: ENTRY });
  const choice = { file, stageEndpoints, ...(offline ? { offline: OFFLINE } : {}) };
  return resolveEndpoints(configOf(settings), choice);
}

async function namesOf(...given: Parameters<typeof endpointsOf>) {
  const endpoints = await endpointsOf(...given);
  const active = activeStages(configOf(given[0]));
  return Object.fromEntries(active.map((stage) => [stage, endpoints[stage].name]));
}

describe("a synthesizer's endpoints", () => {
  it('are its own for the synthesis alone: whoever else is asked has one by name, or is the offline teacher', async () => {
    expect(await namesOf({ endpoint: 'a' }, ['judge=b'])).toEqual({ synthesize: 'a', judge: 'b' });
    await expect(namesOf({ endpoint: 'a' })).rejects.toThrow(
      /stage judge has no endpoint.*--stage-endpoint judge=NAME.*--no-judge/s,
    );
    expect(await namesOf({ endpoint: 'a', judge: false })).toEqual({ synthesize: 'a' });
    expect(await namesOf({ endpoint: 'a' }, [], true)).toEqual({
      synthesize: 'a',
      judge: 'offline',
    });
    expect(await namesOf({}, [], true)).toEqual({ synthesize: 'offline', judge: 'offline' });
  });

  it('of the fallback are those of the pipeline; the generator repairs', async () => {
    const settings = {
      endpoint: 'a',
      synthesizer: { fallback: 'pipeline' },
      stages: {
        filter: { endpoint: 'b' },
        extract: { endpoint: 'c' },
        refine: { endpoint: 'c' },
        judge: { endpoint: 'b' },
      },
    };
    await expect(namesOf(settings)).rejects.toThrow(/stage generate has no endpoint/);
    expect(await namesOf(settings, ['generate=c'])).toEqual({
      filter: 'b',
      extract: 'c',
      generate: 'c',
      refine: 'c',
      synthesize: 'a',
      judge: 'b',
      repair: 'c',
    });
  });
});

describe("a synthesizer's settings", () => {
  it('are in the fingerprint, and the pipeline has none of them', async () => {
    const endpoints = await endpointsOf({}, [], true);
    const partsOf = async (settings: object) => {
      const config = SynthConfig.parse(settings);
      return fingerprintParts(config, await setUpStages(config, endpoints));
    };
    const method = 'synthesizer';
    const own = [
      {},
      { method },
      { method, synthesizer: { candidates: 2 } },
      { method, synthesizer: { filter: true } },
      { method, synthesizer: { fallback: 'pipeline' } },
      { method, synthesizer: { repair_by: 'teacher' } },
    ];
    const fingerprints = await Promise.all(
      own.map(async (one) => fingerprintOf(await partsOf(one))),
    );
    expect(new Set(fingerprints).size).toBe(own.length);
    const pipeline = Object.keys(await partsOf({ synthesizer: { candidates: 5 } }));
    expect(pipeline.filter((key) => /synthesize|candidates|fallback|method/.test(key))).toEqual([]);
    // Nothing mends: who would do it makes no difference.
    const never = { method, repair: 0 };
    expect(await partsOf(never)).toEqual(
      await partsOf({ ...never, synthesizer: { repair_by: 'teacher' } }),
    );
  });

  it('are in the estimate: every passage unless the filter is first, and samples in place of mending', async () => {
    const endpoints = await endpointsOf({}, [], true);
    const corpus = { passages: 1000, tokens: 500_000, sample: [], report: newCorpusReport() };
    const requests = (settings: object) =>
      Object.fromEntries(
        estimateFromPaper(configOf(settings), endpoints, corpus).map((one) => [
          one.stage,
          one.requests,
        ]),
      );
    expect(requests({ repair: 0, synthesizer: { candidates: 3 } })).toEqual({
      synthesize: 3000,
      judge: 1000,
    });
    expect(requests({})).toEqual({ synthesize: 1333, judge: 1333 });
    expect(requests({ synthesizer: { repair_by: 'teacher' } })).toEqual({
      synthesize: 1000,
      judge: 1333,
      repair: 333,
    });
    expect(requests({ repair: 0, synthesizer: { filter: true } })).toEqual({
      filter: 1000,
      synthesize: 140,
      judge: 140,
    });
    const fallback = { repair: 0, synthesizer: { filter: true, fallback: 'pipeline' } };
    expect(requests(fallback)).toMatchObject({ filter: 1000, extract: 47, refine: 47, judge: 187 });
  });

  it('are refused where the pipeline runs, and kept in a config.yaml that goes on with the run', {
    timeout: 60_000,
  }, async () => {
    const folder = await temporaryFolder();
    const refused = await synth(join(folder, 'no'), ['--offline', '--candidates', '3']);
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toContain('--candidates is for --method synthesizer');
    const run = join(folder, 'run');
    const flags = [
      '--offline',
      '--limit',
      '5',
      '--candidates',
      '2',
      '--repair-endpoint',
      'offline',
    ];
    await synth(run, ['--method', 'synthesizer', ...flags]);
    const again = await synth(run, ['--offline', '--config', join(run, 'config.yaml')]);
    expect(again.stdout).toContain('run: finished');
  });

  it('are shown before anything is asked', { timeout: 60_000 }, async () => {
    const prompts = await runCommand(['preview', '--method', 'synthesizer', '--prompts']);
    expect(prompts.stdout).toMatch(/^== synthesize, user, no system message.*\nTask: synthesize\n/);
    expect(prompts.stdout).not.toContain('== generate');
    const flags = ['--input', CORPUS, '--limit', '1', '--offline', '--method', 'synthesizer'];
    const shown = await runCommand(['preview', ...flags, '--candidates', '2']);
    expect(shown.stdout.match(/== synthesize, raw answer/g)).toHaveLength(2);
    expect(shown.stdout).toMatch(/: accepted; rejected by selection \(not the best of 2\)/);
  });
});
