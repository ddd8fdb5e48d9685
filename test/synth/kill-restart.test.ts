import { statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { JournalReader } from '../../core/llm/journal.ts';
import { packageRoot } from '../../core/package-root.ts';
import { PassageLine } from '../../core/run/commit-log.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { runCommand, startCommand } from '../helpers/command.ts';
import type { ModelServer } from '../helpers/model-server.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const CORPUS = join(packageRoot(), 'synth', 'sample', 'corpus.jsonl');

/** 200 rounds take some ten minutes; docs/reliability.md has what they found. */
const LONG = process.env.GEM_TRAJ_LONG === '1';

/** Fewer over 200 rounds, or most of what is asked would be asked in vain. */
const IN_FLIGHT = LONG ? 4 : 8;

/** A round gets three requests further: there are to be some left at the last. */
const WORKFLOWS = LONG ? 4 : 2;

/** So that candidates are turned down and mended, too. */
const DEFECT_RATE = 0.3;

/** The command for a run in a folder, with an endpoints file beside it. */
async function synthArgs(
  folder: string,
  { url }: ModelServer,
  flags: readonly string[],
): Promise<string[]> {
  const file = `${folder}.endpoints.yaml`;
  const entry = `{ base_url: "${url}", model: scripted, concurrency: { first: ${IN_FLIGHT}, highest: ${IN_FLIGHT} } }`;
  await writeFile(file, `endpoints: { taught: ${entry} }\n`);
  return [
    'synth',
    '--input',
    CORPUS,
    '--run',
    folder,
    '--workflows-per-passage',
    String(WORKFLOWS),
    '--endpoints',
    file,
    '--endpoint',
    'taught',
    ...flags,
  ];
}

const sizeOf = (path: string): number => statSync(path, { throwIfNoEntry: false })?.size ?? 0;

/** A run's rows by id, without the seconds, which no two runs share. */
async function rowsOf(folder: string, name: string): Promise<Map<string, unknown>> {
  const text = await readFile(join(folder, name), 'utf8');
  const rows = text.split('\n').filter((line) => line !== '');
  expect(text === '' || text.endsWith('\n')).toBe(true);
  return new Map(rows.map((line) => [JSON.parse(line).id, withoutTimes(JSON.parse(line))]));
}

function withoutTimes(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value, (key, member) => (key === 'seconds' ? 0 : member)));
}

async function outcomes(folder: string): Promise<Map<string, string>> {
  const lines = (await readFile(join(folder, 'passages.jsonl'), 'utf8'))
    .split('\n')
    .filter((line) => line !== '');
  const parsed = lines.map((line) => PassageLine.parse(JSON.parse(line)));
  expect(new Set(parsed.map(({ id }) => id)).size).toBe(parsed.length);
  return new Map(parsed.map(({ id, outcome }) => [id, outcome]));
}

/** What was asked in the requests whose answers a journal holds. */
async function journaled(folder: string): Promise<Set<string>> {
  const keys: string[] = [];
  const journal = await JournalReader.open(join(folder, 'journal.jsonl'), undefined, (line) => {
    if ('key' in line) keys.push(line.key);
  });
  const entries = await Promise.all(keys.map((key) => journal.get(key)));
  await journal.close();
  expect(new Set(keys).size).toBe(keys.length);
  return new Set(entries.map((entry) => question(entry?.messages, entry?.sampling?.seed)));
}

/** What is asked: samples of one question differ by their seeds. */
const question = (messages: unknown, seed: unknown): string => JSON.stringify([messages, seed]);

/** Stages that a synthesizer's run asks somebody else. */
const TAUGHT = ['filter', 'extract', 'generate', 'refine', 'judge'];

const METHODS = [
  { method: 'pipeline', flags: [], kills: LONG ? 200 : 20 },
  {
    method: 'synthesizer',
    flags: [
      ...['--method', 'synthesizer', '--candidates', '2', '--fallback', 'pipeline'],
      ...TAUGHT.flatMap((stage) => ['--stage-endpoint', `${stage}=taught`]),
    ],
    kills: LONG ? 30 : 8,
  },
];

describe.each(METHODS)(
  'a run by the $method killed with SIGKILL at $kills random moments',
  {
    timeout: LONG ? 7_200_000 : 600_000,
  },
  ({ flags, kills, method }) => {
    it('ends with the same rows as an uninterrupted one, and asks nothing again whose answer was journaled', async () => {
      const [calm, killed] = [
        join(await temporaryFolder(), 'calm'),
        join(await temporaryFolder(), 'killed'),
      ];
      const calmServer = await taughtServer(undefined, 5, DEFECT_RATE);
      expect(
        await runCommand(await synthArgs(calm, calmServer, flags), { timeout: 120_000 }),
      ).toMatchObject({ exitCode: 0 });

      const server = await taughtServer(undefined, 25, DEFECT_RATE);
      const args = await synthArgs(killed, server, flags);
      const journal = join(killed, 'journal.jsonl');
      let askedAgain = 0;
      let killedRounds = 0;
      let known = new Set<string>();
      for (let kill = 1; kill <= kills; kill += 1) {
        const before = server.requests.length;
        // By what is journaled: a run that is killed before its first answer gets nowhere, however often.
        const after =
          sizeOf(journal) + Math.random() * (sizeOf(join(calm, 'journal.jsonl')) / kills);
        const run = startCommand(args, { timeout: 300_000 });
        let ended = false;
        const end = run.finished.finally(() => {
          ended = true;
        });
        const isTime = () => ended || (server.requests.length > before && sizeOf(journal) >= after);
        await expect.poll(isTime, { timeout: 240_000, interval: 1 }).toBe(true);
        run.kill('SIGKILL');
        const { signal, stderr } = await end;
        if (signal !== 'SIGKILL') {
          expect((await readManifest(killed))?.state, stderr).toBe('finished');
          break;
        }
        killedRounds += 1;
        askedAgain += server.requests
          .slice(before)
          .filter(({ body }) => known.has(question(body.messages, body.seed))).length;
        known = await journaled(killed).catch(() => known);
      }
      const last = await runCommand(args, { timeout: 120_000 });

      const paidTwice = server.received - calmServer.received;
      if (LONG)
        process.stdout.write(
          `${method}: ${killedRounds} kills, ${calmServer.received} requests needed, ${server.received} sent, ${paidTwice} paid twice (at most ${killedRounds * IN_FLIGHT}), ${askedAgain} asked again though journaled\n`,
        );
      expect(last.exitCode).toBe(0);
      expect(askedAgain).toBe(0);
      expect(killedRounds).toBeGreaterThan(kills / 2);
      expect(paidTwice).toBeLessThanOrEqual(killedRounds * IN_FLIGHT);
      expect(await rowsOf(killed, 'trajectories.jsonl')).toEqual(
        await rowsOf(calm, 'trajectories.jsonl'),
      );
      expect(await rowsOf(killed, 'rejected.jsonl')).toEqual(await rowsOf(calm, 'rejected.jsonl'));
      expect(await outcomes(killed)).toEqual(await outcomes(calm));
      expect((await readManifest(killed))?.funnel).toEqual((await readManifest(calm))?.funnel);
    });
  },
);
