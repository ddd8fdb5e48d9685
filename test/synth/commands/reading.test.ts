import { execFile } from 'node:child_process';
import { appendFile, cp, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerOffline } from '../../../synth/offline/teacher.ts';
import { runCommand } from '../../helpers/command.ts';
import { answer } from '../../helpers/model-actions.ts';
import { type ModelServer, startModelServer } from '../../helpers/model-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { endpointsFile, idsOf, linesOf, manifestOf, synth } from './jobs.ts';

let folder: string;
let run: string;
let server: ModelServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reading-'));
  run = join(folder, 'run');
  server = await startModelServer(({ body: { messages } }) =>
    answer(answerOffline({ messages, seed: 0 }, { size: 'compact', defectRate: 0, seed: 0 })),
  );
  const prices = 'prices: { input: 2, cached_input: 1, output: 30 }';
  await endpointsFile(folder, { taught: `{ base_url: "${server.url}", model: m, ${prices} }` });
  const result = await synth(run, ['--limit', '12', '--endpoint', 'taught'], { cwd: folder });
  if (result.exitCode !== 0) throw new Error(result.stderr);
});
afterAll(async () => {
  await server?.close();
  await rm(folder, { recursive: true, force: true });
});

const command = (...args: string[]) => runCommand(args, { cwd: folder });

describe('gem-traj status', { timeout: 180_000 }, () => {
  it('shows the funnel and the bill that the files have', async () => {
    const { stdout } = await command('status', run);
    const { funnel, total } = await manifestOf(run);
    const [accepted, passages] = [await idsOf(run), await linesOf(run, 'passages.jsonl')];
    expect(stdout).toMatch(
      new RegExp(`^run: finished; ${accepted.length} accepted, .* of ${passages.length} passages`),
    );
    expect(stdout).toMatch(new RegExp(`accepted +${funnel.accepted} `));
    const answers = (await linesOf(run, 'journal.jsonl')).filter((line) => 'key' in line);
    const cost = answers.reduce((sum, { cost_usd }) => sum + cost_usd, 0);
    expect(total.cost_usd).toBeCloseTo(cost, 9);
    expect(stdout).toMatch(new RegExp(`total +${answers.length} +0 .* ${cost.toFixed(4)} `));
    expect(stdout).toContain(`${(cost / accepted.length).toFixed(4)} USD`);
  });

  it('of what is no run says so', async () => {
    const { stderr, exitCode } = await command('status', 'nowhere');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('there is no run in runs/nowhere (no manifest.json)');
  });
});

describe('gem-traj trace', { timeout: 180_000 }, () => {
  it('prints the whole chain of a row, found by the beginning of its id', async () => {
    const [row] = await linesOf(run, 'trajectories.jsonl');
    const { stdout } = await command('trace', run, row.id.slice(0, 8));
    expect(stdout).toMatch(new RegExp(`^== ${row.id}: accepted\n== passage ${row.source.id} `));
    expect(stdout).toContain(row.source.text);
    for (const stage of ['filter', 'extract', 'generate', 'refine', 'judge'])
      for (const part of [': asked taught', ', system', ', user', ', raw answer'])
        expect(stdout).toContain(`== ${stage}${part}`);
    expect(stdout).toContain(row.judge.reason);
    const cost = row.provenance.stages.reduce(
      (sum: number, stage: { cost_usd: number }) => sum + stage.cost_usd,
      0,
    );
    expect(stdout.trim().split('\n').at(-1)).toContain(`${cost.toFixed(4)} USD`);
  });

  it('finds a row by its passage, and --again asks anew without keeping it', async () => {
    const [row] = await linesOf(run, 'trajectories.jsonl');
    const [asked, kept] = [server.received, await linesOf(run, 'journal.jsonl')];
    const { stdout } = await command('trace', run, row.source.id, '--again', '--json');
    const { requests } = JSON.parse(stdout);
    const hashes = row.provenance.stages.flatMap(
      (stage: { request_hashes: string[] }) => stage.request_hashes,
    );
    expect(requests.map(({ key }: { key: string }) => key)).toEqual(hashes);
    for (const { again, response } of requests)
      expect(again).toBe(response.choices[0].message.content);
    expect(server.received - asked).toBe(hashes.length);
    expect(await linesOf(run, 'journal.jsonl')).toEqual(kept);
  });

  it('says how a passage without a row ended, and which rows a beginning fits', async () => {
    const passages = await linesOf(run, 'passages.jsonl');
    const { id } = passages.find(({ outcome }) => outcome === 'filtered');
    const filtered = await command('trace', run, id);
    expect(filtered.stderr).toContain('ended without one: filtered, not multi-step');
    const several = await command('trace', run, '');
    expect(several.stderr).toMatch(/fits \d+ rows of .*: [0-9a-f]{20}, /);
    expect([filtered.exitCode, several.exitCode]).toEqual([1, 1]);
  });

  it('ends quietly when its reader has seen enough', async () => {
    const [id] = await idsOf(run);
    const program = fileURLToPath(new URL('../../../scripts/gem-traj.ts', import.meta.url));
    const script = '"$0" --import "$1" "$2" trace "$3" "$4" | head -1; echo "${PIPESTATUS[0]}"';
    const args = [process.execPath, import.meta.resolve('tsx'), program, run, id ?? ''];
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', script, ...args]);
    expect(stdout).toBe(`== ${id}: accepted\n0\n`);
    expect(stderr).toBe('');
  });
});

describe('gem-traj export', { timeout: 180_000 }, () => {
  it('writes every format, and counts and names the rows that one cannot express', async () => {
    const copy = join(await temporaryFolder(), 'run');
    await cp(run, copy, { recursive: true });
    const [row] = await linesOf(copy, 'trajectories.jsonl');
    const call = row.messages.findIndex(({ role }: { role: string }) => role === 'tool');
    const unanswered = { ...row, id: 'feed', messages: row.messages.toSpliced(call, 1) };
    await appendFile(join(copy, 'trajectories.jsonl'), `${JSON.stringify(unanswered)}\n`);
    const count = (await idsOf(copy)).length;

    for (const format of ['jsonl', 'parquet', 'arrow']) {
      const { stdout } = await command('export', copy, '--format', format);
      expect(stdout).toBe(`${count} rows: ${copy}/exports/trajectories.${format}\n`);
    }
    for (const format of ['sharegpt', 'hermes']) {
      const { stdout, exitCode } = await command('export', copy, '--format', format);
      expect(exitCode).toBe(0);
      expect(stdout).toContain(`${count - 1} rows: `);
      expect(stdout).toMatch(
        new RegExp(`\n1 left out that ${format} cannot express: .*\n  feed: `),
      );
      const name = `exports/trajectories.${format}.jsonl`;
      expect(await idsOf(copy, name)).toHaveLength(count - 1);
      expect(await idsOf(copy, `${name}.left-out.jsonl`)).toEqual(['feed']);
    }
    expect(await linesOf(copy, 'exports/trajectories.jsonl')).toEqual(
      await linesOf(copy, 'trajectories.jsonl'),
    );
  });

  it('names the line that is no row of this version', async () => {
    const copy = join(await temporaryFolder(), 'run');
    await cp(run, copy, { recursive: true });
    await appendFile(join(copy, 'rejected.jsonl'), '{"schema_version":1,"id":"old"}\n');
    const number = (await idsOf(copy, 'rejected.jsonl')).length;
    const { exitCode, stderr } = await command('export', copy, '--format', 'parquet', '--rejected');
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(new RegExp(`rejected\\.jsonl, line ${number}: messages: .*by hand, or`));
  });

  it('writes no file for a wrong format, and the rejected rows or another file when told', async () => {
    const wrong = await command('export', run, '--format', 'json');
    expect(wrong.stderr).toContain('"jsonl", "parquet", "arrow", "sharegpt", "hermes"');
    expect(wrong.exitCode).toBe(1);
    const out = join(folder, 'sub', 'rejected.jsonl');
    const { stdout } = await command(
      'export',
      run,
      '--format',
      'jsonl',
      '--rejected',
      '--out',
      out,
    );
    const rejected = await idsOf(run, 'rejected.jsonl');
    expect(stdout).toBe(`${rejected.length} rows: ${out}\n`);
    expect(await readdir(join(folder, 'sub'))).toEqual(['rejected.jsonl']);
  });
});
