import type { Argv } from 'yargs';
import { UsageError } from '../../core/errors.ts';
import type { NamedEndpoint } from '../../core/llm/endpoint.ts';
import {
  ENVIRONMENT,
  endpointByName,
  environmentEndpoint,
  loadEndpoints,
} from '../../core/llm/endpoints-file.ts';
import { withKnownModel } from '../../core/llm/server-models.ts';
import { JudgePrompt } from '../stages/judge.ts';
import { startTeacher } from './options.ts';

/** The flags that say who judges, and how it is asked. */
export function judgeOptions<T>(yargs: Argv<T>) {
  return yargs
    .option('judge', {
      type: 'string',
      describe:
        "Endpoint that judges: an entry of the endpoints file, `environment` for OPENAI_BASE_URL's, or `offline`",
    })
    .option('judge-prompt', {
      choices: JudgePrompt.options,
      describe:
        "Whether the judge is shown what the checks found, or gets the paper's plain prompt",
    })
    .option('endpoints', { type: 'string', describe: 'File with the endpoints' });
}

/** A judge that can be asked until it is closed. */
export interface OpenJudge {
  endpoint: NamedEndpoint;
  close: () => Promise<void>;
}

/**
 * The endpoint of a name; the offline teacher is started for it.
 * @throws UsageError for an unknown name, and for `environment` where the environment has none
 */
export async function openJudge(name: string, file: string | undefined): Promise<OpenJudge> {
  if (name === 'offline') return startTeacher({ size: 'compact', defectRate: 0, seed: 0 });
  return { endpoint: await namedJudge(name, file), close: async () => {} };
}

async function namedJudge(name: string, file: string | undefined): Promise<NamedEndpoint> {
  if (name !== ENVIRONMENT) return endpointByName(await loadEndpoints(file), name);
  const endpoint = environmentEndpoint();
  if (endpoint !== undefined) return withKnownModel(endpoint);
  throw new UsageError('--judge environment: OPENAI_BASE_URL is not set; set it, or name another');
}
