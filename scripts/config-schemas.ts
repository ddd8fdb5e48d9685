import { z } from 'zod';
import { EndpointsFile } from '../core/llm/endpoint.ts';
import { SynthConfig } from '../synth/config.ts';

/** The JSON Schemas of configs/schemas, by file name: editors complete and check the YAML files with them. */
export function configSchemas(): Map<string, string> {
  const schemas: [string, z.ZodType][] = [
    ['endpoints.json', EndpointsFile],
    ['synth.json', SynthConfig],
  ];
  return new Map(
    schemas.map(([name, schema]) => [
      name,
      `${JSON.stringify(z.toJSONSchema(schema, { io: 'input' }), null, 2)}\n`,
    ]),
  );
}
