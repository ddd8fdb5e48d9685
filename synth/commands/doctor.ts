import type { Argv } from 'yargs';
import { defineCommand, type FlagsOf } from '../../core/command.ts';
import { UsageError } from '../../core/errors.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import {
  endpointByName,
  environmentEndpoint,
  loadEndpoints,
} from '../../core/llm/endpoints-file.ts';
import { withKnownModel } from '../../core/llm/server-models.ts';
import { terminal } from '../../core/terminal.ts';
import { examine, type Finding } from '../doctor.ts';
import { NO_ENDPOINT } from '../resolve-endpoints.ts';

/** `gem-traj doctor`: is each endpoint there, does it do what its entry says, how fast. */
export const doctorCommand = defineCommand({
  command: 'doctor',
  describe:
    'Is each endpoint reachable, does it know the model and honour structured output, how fast',
  builder: doctorOptions,
  handler: async (flags) => {
    let healthy = true;
    for (const endpoint of await chosen(flags)) {
      const findings = await examine(endpoint);
      healthy &&= findings.every(({ ok }) => ok !== false);
      print(endpoint, findings, flags.json);
    }
    if (!healthy) process.exitCode = 1;
  },
});

function doctorOptions(yargs: Argv) {
  return yargs
    .option('endpoint', {
      type: 'string',
      array: true,
      default: [],
      describe: 'Endpoints to examine',
      defaultDescription: 'that of the environment',
    })
    .option('endpoints', { type: 'string', describe: 'File with the endpoints' })
    .option('all', {
      type: 'boolean',
      default: false,
      describe: 'Examine every endpoint of the file',
    })
    .option('json', { type: 'boolean', default: false, describe: 'As JSON lines' });
}

async function chosen(flags: FlagsOf<typeof doctorOptions>): Promise<NamedEndpoint[]> {
  const known = await loadEndpoints(flags.endpoints);
  if (flags.all) return Object.keys(known.endpoints).map((name) => endpointByName(known, name));
  if (flags.endpoint.length > 0) return flags.endpoint.map((name) => endpointByName(known, name));
  const environment = environmentEndpoint();
  if (environment === undefined) throw new UsageError(NO_ENDPOINT);
  return [await withKnownModel(environment)];
}

const MARKS = new Map<Finding['ok'], string>([
  [true, 'ok  '],
  [false, 'FAIL'],
  [null, '-   '],
]);

function print(endpoint: NamedEndpoint, findings: Finding[], json: boolean): void {
  if (json) {
    terminal.print(JSON.stringify({ endpoint: endpoint.name, model: endpoint.model, findings }));
    return;
  }
  terminal.print(`${endpoint.name} (${endpoint.model})`);
  for (const { ok, what, text } of findings) terminal.print(`  ${MARKS.get(ok)} ${what}: ${text}`);
}
