import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../../helpers/command.ts';
import { answer } from '../../helpers/model-actions.ts';
import type { ModelServer, Script } from '../../helpers/model-server.ts';
import { startModelServer } from '../../helpers/model-server.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { synth } from './jobs.ts';

const LIMIT = 2;

let run: string;
beforeAll(async () => {
  run = await mkdtemp(join(tmpdir(), 'gem-traj-judged-'));
  expect(await synth(run, ['--offline', '--limit', '16'])).toMatchObject({ exitCode: 0 });
}, 120_000);

afterAll(() => rm(run, { recursive: true, force: true }));

const flags = (...over: string[]) => [
  ...['check', 'calibrate', join(run, 'trajectories.jsonl'), '--half', 'all'],
  ...['--limit', String(LIMIT), ...over],
];

/** Measures what a server makes of the rows, as one object. */
async function measured(server: ModelServer, ...over: string[]) {
  const env = { OPENAI_BASE_URL: server.url, OPENAI_MODEL: 'm' };
  const args = flags('--judge', 'environment', '--json', ...over);
  const { stdout, stderr, exitCode } = await runCommand(args, { env, timeout: 120_000 });
  expect(exitCode, stderr).toBe(0);
  return { ...JSON.parse(stdout), stderr };
}

const scores = (argumentValues: number) =>
  `<reason>As it seems.</reason>\n<message></message>\n<argument_values>${argumentValues}</argument_values>\n<capability>1</capability>\n<context>1</context>`;

/** Judges without end: always the same word. */
async function always(text: string): Promise<ModelServer> {
  const script: Script = () => answer(text);
  return startModelServer(script);
}

type Kind = { name: string; n: number; caught: number; unscored: number; by_checks: number };

describe('gem-traj check calibrate --judge', { timeout: 180_000 }, () => {
  it('tells a judge that lets all pass from one that turns all down', async () => {
    const [mild, harsh] = [await always(scores(1)), await always(scores(0))];
    const lets = await measured(mild);
    const kinds: Kind[] = lets.kinds;
    const { whole: rows, part: turnedDown } = lets.clean_turned_down;
    expect(turnedDown).toBe(0);
    expect(rows).toBeGreaterThanOrEqual(5 * LIMIT);
    expect(kinds.filter(({ n }) => n === LIMIT).length).toBeGreaterThan(30);
    expect(kinds.filter(({ caught }) => caught > 0)).toEqual([]);
    expect(kinds.find(({ name }) => name === 'id replaced')?.by_checks).toBe(LIMIT);
    const turns = await measured(harsh);
    expect(turns.clean_turned_down).toMatchObject({ part: rows, whole: rows });
    expect(turns.clean_by_rubric.argument_values.rows).toBe(rows);
    // What it catches of rows that it turns down anyway says nothing.
    expect(turns.kinds.every(({ n }: Kind) => n === 0)).toBe(true);
    expect(turns.total.requests).toBe(rows);
    await Promise.all([mild.close(), harsh.close()]);
  });

  it('counts what cannot be read apart: it is neither caught nor missed', async () => {
    const mumbling = await always('It reads well.');
    const { clean_unscored, clean_turned_down, kinds, unscored_examples } =
      await measured(mumbling);
    expect(clean_unscored).toBeGreaterThanOrEqual(5 * LIMIT);
    expect(clean_turned_down.whole).toBe(0);
    expect(kinds.every(({ n }: Kind) => n === 0)).toBe(true);
    expect(unscored_examples[0]).toContain('no readable answer in 3 tries');
    await mumbling.close();
  });

  it('says before how much it asks, and asks nothing twice in the same folder', async () => {
    const server = await taughtServer();
    const out = join(await temporaryFolder(), 'answers');
    const first = await measured(server, '--out', out);
    const asked = server.received;
    const [, most] = /(\d+) requests with [\d,]+ prompt tokens/.exec(first.stderr) ?? [];
    expect(asked).toBeGreaterThan(60);
    expect(asked).toBeLessThanOrEqual(Number(most));
    expect(first.kinds.find(({ name }: Kind) => name === 'id replaced')).toMatchObject({
      n: LIMIT,
      caught: LIMIT,
    });
    const second = await measured(server, '--out', out);
    expect(server.received).toBe(asked);
    expect({ ...second, stderr: '' }).toEqual({ ...first, stderr: '' });
  });

  it('takes the offline teacher, and refuses flags that are of use with a judge alone', async () => {
    const { stdout, exitCode } = await runCommand(flags('--judge', 'offline'), {
      timeout: 120_000,
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^judge offline \(offline-teacher\), prompt findings; 1\d clean rows/m);
    expect(stdout).toMatch(/^grounding +id replaced +2 +2 +100\.0%/m);
    const { stderr } = await runCommand(flags());
    expect(stderr).toContain('--limit is of use with --judge ENDPOINT alone');
  });
});
