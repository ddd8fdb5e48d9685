import { z } from 'zod';
import { Cluster } from '../core/launch/cluster.ts';
import { ServeConfig } from '../core/launch/own-servers/serve-config.ts';
import { EndpointsFile } from '../core/llm/endpoint.ts';
import { DistillRules } from '../distill/rules.ts';
import { AblationConfig } from '../eval/ablate/config.ts';
import { SynthConfig } from '../synth/config.ts';
import { Recipe } from '../train/recipe.ts';

/** The JSON Schemas of configs/schemas, by file name: editors complete and check the YAML files with them. */
export function configSchemas(): Map<string, string> {
  const schemas: [string, z.ZodType][] = [
    ['endpoints.json', EndpointsFile],
    ['cluster.json', Cluster],
    ['serve.json', ServeConfig],
    ['synth.json', SynthConfig],
    ['ablate.json', AblationConfig],
    ['distill.json', DistillRules],
    ['recipe.json', Recipe],
  ];
  return new Map(
    schemas.map(([name, schema]) => [
      name,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
    ]),
  );
}
