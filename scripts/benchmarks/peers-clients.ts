import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { packageRoot, packageVersion } from '../../core/package-root.ts';
import { commandOf } from './measured-process.ts';

const ROOT = packageRoot();

/** A program that does the job of peers/job.py. */
export interface Peer {
  name: string;
  /** Name and version, for the head of a table. */
  title(): Promise<string>;
  /** Makes its Python environment, where it has one. */
  prepare(): Promise<void>;
  command(url: string, rows: number, concurrency: number, folder: string): string[];
}

/** gem-traj's engine with its journal, the plain clients, and the toolkits beside them. */
export const PEERS: readonly Peer[] = [
  inNode('gem-traj', 'engine-job', [], async () => packageVersion()),
  // Two retries are the client's own default.
  inNode('openai-node', 'bare-pool', ['2'], () => pinned('package.json', /"openai": "([^"]+)"/)),
  inPython('openai-python', 'openai', 'openai_pool.py'),
  inPython('curator', 'bespokelabs-curator', 'curator_job.py'),
  inPython('data-designer', 'data-designer', 'data_designer_job.py'),
  inPython('distilabel', 'distilabel', 'distilabel_job.py'),
];

/**
 * Their homes are in the job's folder and their telemetry is off by their own settings; what they would fetch (a list
 * of prices, a hub's pages) they are told to do without.
 */
export function quietEnvironment(folder: string): Record<string, string> {
  return {
    HOME: join(folder, 'home'),
    TELEMETRY_ENABLED: 'false',
    NEMO_TELEMETRY_ENABLED: 'false',
    HF_HUB_DISABLE_TELEMETRY: '1',
    DO_NOT_TRACK: '1',
    HF_HUB_OFFLINE: '1',
    LITELLM_LOCAL_MODEL_COST_MAP: 'True',
    CURATOR_DISABLE_RICH_DISPLAY: '1',
  };
}

function inNode(
  name: string,
  program: string,
  more: readonly string[],
  version: () => Promise<string>,
): Peer {
  return {
    name,
    title: async () => `${name} ${await version()}`,
    prepare: async () => {},
    command: (url, rows, concurrency, folder) => [
      process.execPath,
      ...commandOf(program, [url, rows, concurrency, folder, ...more]),
    ],
  };
}

function inPython(name: string, distribution: string, adapter: string): Peer {
  const environment = `peers-${name === 'openai-python' ? 'openai' : name}`;
  const pins = join('configs', 'python', `${environment}.txt`);
  const python = join(ROOT, '.venvs', environment, 'bin', 'python');
  const program = join(ROOT, 'scripts', 'benchmarks', 'peers', adapter);
  return {
    name,
    title: async () => `${name} ${await pinned(pins, new RegExp(`^${distribution}==(.+)$`, 'm'))}`,
    prepare: async () => {
      await execa(join(ROOT, 'scripts', 'python-env'), [environment]);
    },
    command: (url, rows, concurrency, folder) => [
      python,
      program,
      url,
      String(rows),
      String(concurrency),
      folder,
    ],
  };
}

async function pinned(file: string, pattern: RegExp): Promise<string> {
  const version = pattern.exec(await readFile(join(ROOT, file), 'utf8'))?.[1];
  if (version === undefined) throw new Error(`${file} names no version as ${pattern}`);
  return version;
}
