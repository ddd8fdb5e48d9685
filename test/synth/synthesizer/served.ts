import { join } from 'node:path';
import { Rejection, Trajectory } from '../../../core/trajectory.ts';
import { answer } from '../../helpers/model-actions.ts';
import type { ModelServer, Script } from '../../helpers/model-server.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { endpointsFile, linesOf, manifestOf, synth } from '../commands/jobs.ts';

/** A chat request. */
export type Body = Parameters<Script>[0]['body'];

/** What a request asks for: the word after `Task: `. */
export function taskOf({ messages }: Body): string {
  return /^Task: (\w+)/.exec(messages.at(-1)?.content ?? '')?.[1] ?? '';
}

/** Which of a passage's samples a request to the synthesizer is: the seeds of two are ten apart. */
export function sampleOf({ seed }: Body): number {
  return Math.floor(Number(seed) / 10);
}

/** The offline teacher as a served synthesizer and as its judge; `change` says otherwise for some requests. */
export async function servedRun(
  change: (body: Body) => string | undefined,
  flags: string[],
  { defectRate = 0, student = '' } = {},
) {
  const server = await taughtServer(
    (script) => (request) => {
      const other = change(request.body);
      return other === undefined ? script(request) : answer(other);
    },
    0,
    defectRate,
  );
  const run = join(await temporaryFolder(), 'run');
  const { stdout, stderr, exitCode } = await synth(run, [
    ...(await servedFlags(server, student)),
    ...flags,
  ]);
  if (exitCode !== 0) throw new Error(stderr);
  return {
    run,
    server,
    printed: stdout,
    accepted: (await linesOf(run, 'trajectories.jsonl')).map((row) => Trajectory.parse(row)),
    rejected: (await linesOf(run, 'rejected.jsonl')).map((row) => Rejection.parse(row)),
    manifest: await manifestOf(run),
  };
}

/**
 * The flags of a run by a server that is the synthesizer under one name and teacher and judge under another.
 * @param student further fields of the synthesizer's entry
 */
async function servedFlags({ url }: ModelServer, student = ''): Promise<string[]> {
  const entry = `base_url: "${url}", model: scripted, prices: { input: 1, output: 2 }`;
  const entries = { student: `{ ${entry}${student} }`, teacher: `{ ${entry} }` };
  const file = await endpointsFile(await temporaryFolder(), entries);
  const teacher = ['judge', 'filter', 'extract', 'generate', 'refine'].flatMap((stage) => [
    '--stage-endpoint',
    `${stage}=teacher`,
  ]);
  return ['--method', 'synthesizer', '--endpoints', file, '--endpoint', 'student', ...teacher];
}
