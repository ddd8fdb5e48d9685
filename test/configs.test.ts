import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { globSync } from 'tinyglobby';
import { describe, expect, it } from 'vitest';
import { endpointByName, loadEndpoints } from '../core/llm/endpoints-file.ts';
import { packageRoot } from '../core/package-root.ts';
import { readYaml } from '../core/yaml.ts';
import { configSchemas } from '../scripts/config-schemas.ts';
import { activeStages, SynthConfig } from '../synth/config.ts';

const configs = join(packageRoot(), 'configs');

describe('the shipped configs', () => {
  it('are valid, and name endpoints that exist', async () => {
    const known = await loadEndpoints(join(configs, 'endpoints.yaml'));
    for (const file of globSync('synth-*.yaml', { cwd: configs })) {
      const { stages } = await readYaml(join(configs, file), SynthConfig);
      for (const { endpoint } of Object.values(stages)) {
        if (endpoint !== undefined) expect(endpointByName(known, endpoint).name).toBe(endpoint);
      }
    }
  });

  it("of the paper asks the paper's models", async () => {
    const known = await loadEndpoints(join(configs, 'endpoints.yaml'));
    const config = await readYaml(join(configs, 'synth-paper.yaml'), SynthConfig);
    const models = activeStages(config).map((stage) => [
      stage,
      endpointByName(known, config.stages[stage].endpoint ?? '').model,
    ]);
    expect(Object.fromEntries(models)).toEqual({
      filter: 'Qwen/Qwen3-8B',
      extract: 'glm-4.6',
      generate: 'glm-4.6',
      refine: 'glm-4.6',
      judge: 'Qwen/Qwen3-32B',
    });
    expect(config).toMatchObject({ gate: 'paper', judge_prompt: 'paper' });
  });

  it('have JSON Schemas that follow the code (npm run schemas)', () => {
    for (const [name, text] of configSchemas()) {
      expect(readFileSync(join(configs, 'schemas', name), 'utf8')).toBe(text);
    }
  });
});

describe('package.json', () => {
  it('pins every package exactly', () => {
    const { dependencies, devDependencies } = JSON.parse(
      readFileSync(join(packageRoot(), 'package.json'), 'utf8'),
    );
    for (const version of Object.values({ ...dependencies, ...devDependencies }))
      expect(version).toMatch(/^\d+\.\d+\.\d+$/);
  });
});
