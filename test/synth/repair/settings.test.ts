import { describe, expect, it } from 'vitest';
import { Endpoint } from '../../../core/llm/endpoint.ts';
import { fingerprintOf } from '../../../core/run/fingerprint.ts';
import { SynthConfig } from '../../../synth/config.ts';
import { newCorpusReport } from '../../../synth/corpus/report.ts';
import { estimateFromPaper } from '../../../synth/estimate.ts';
import { resolveEndpoints } from '../../../synth/resolve-endpoints.ts';
import { fingerprintParts } from '../../../synth/run-settings.ts';
import { setUpStages } from '../../../synth/setups.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { endpointsFile } from '../commands/jobs.ts';

const ENTRY = '{ base_url: "http://127.0.0.1:9/v1", model: m }';

async function endpointOfRepair(config: unknown, stageEndpoints: string[]): Promise<string> {
  const file = await endpointsFile(await temporaryFolder(), { a: ENTRY, b: ENTRY, c: ENTRY });
  const choice = { file, stageEndpoints };
  return (await resolveEndpoints(SynthConfig.parse(config), choice)).repair.name;
}

const endpoint = {
  ...Endpoint.parse({ base_url: 'http://127.0.0.1:9/v1', model: 'm' }),
  name: 'a',
};
const endpoints = {
  filter: endpoint,
  extract: endpoint,
  generate: endpoint,
  refine: endpoint,
  synthesize: endpoint,
  judge: endpoint,
  repair: endpoint,
};

const setUp = (config: unknown) => setUpStages(SynthConfig.parse(config), endpoints);

describe('repair', () => {
  it("is the generator's work unless it has an endpoint of its own", async () => {
    const ofStages = { endpoint: 'a', stages: { generate: { endpoint: 'b' } } };
    expect(await endpointOfRepair(ofStages, [])).toBe('b');
    expect(await endpointOfRepair({ endpoint: 'a' }, ['generate=c'])).toBe('c');
    expect(await endpointOfRepair(ofStages, ['repair=c'])).toBe('c');
    const own = { endpoint: 'a', stages: { repair: { endpoint: 'b' } } };
    expect(await endpointOfRepair(own, ['generate=c'])).toBe('b');
  });

  it('samples as generation does, with room for a whole conversation', async () => {
    const generate = { sampling: { temperature: 1.1, max_tokens: 4000 } };
    const { repair } = await setUp({ stages: { generate } });
    expect(repair.sampling).toMatchObject({ temperature: 1.1, max_tokens: 24_576 });
    const own = { sampling: { temperature: 0.2, max_tokens: 9000 } };
    const setups = await setUp({ stages: { generate, repair: own } });
    expect(setups.repair.sampling).toMatchObject({ temperature: 0.2, max_tokens: 9000 });
  });

  it('is in the estimate, with the second judging of what it mends', () => {
    const corpus = { passages: 1000, tokens: 500_000, sample: [], report: newCorpusReport() };
    const requests = (config: unknown) =>
      Object.fromEntries(
        estimateFromPaper(SynthConfig.parse(config), endpoints, corpus).map((one) => [
          one.stage,
          one.requests,
        ]),
      );
    expect(requests({ repair: 0 })).toEqual({
      filter: 1000,
      extract: 140,
      generate: 140,
      refine: 140,
      judge: 140,
    });
    expect(requests({})).toMatchObject({ judge: 187, repair: 47 });
    expect(requests({ repair: 2 })).toMatchObject({ judge: 202, repair: 62 });
  });
});

describe('the fingerprint', () => {
  it("tells the judge's prompts and the rounds of mending apart", async () => {
    const configs = [
      {},
      { judge_prompt: 'paper' },
      { repair: 0 },
      { repair: 2 },
      { judge: false, repair: 1 },
      { judge: false },
    ];
    const fingerprints = await Promise.all(
      configs.map(async (config) =>
        fingerprintOf(fingerprintParts(SynthConfig.parse(config), await setUp(config))),
      ),
    );
    expect(new Set(fingerprints).size).toBe(configs.length);
    const spelled = { judge_prompt: 'findings', repair: 1 };
    const parts = fingerprintParts(SynthConfig.parse(spelled), await setUp(spelled));
    expect(fingerprintOf(parts)).toBe(fingerprints[0]);
  });
});
