import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../helpers/command.ts';
import { answer } from '../../helpers/model-actions.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, endpointsFile } from './jobs.ts';

describe('gem-traj preview', { timeout: 180_000 }, () => {
  it('shows prompts, answers, verdicts and the price of three passages, and keeps nothing', async () => {
    const folder = await temporaryFolder();
    const { stdout, exitCode } = await runCommand(['preview', '--input', CORPUS, '--offline'], {
      cwd: folder,
    });
    expect(exitCode).toBe(0);
    expect(stdout.match(/^== passage \S+$/gm)).toHaveLength(3);
    expect(
      stdout.match(/^== passage \S+: (accepted|rejected by .+|no candidate .+)$/gm),
    ).toHaveLength(3);
    for (const title of ['filter, system', 'generate, raw answer', 'judge: asked offline'])
      expect(stdout).toContain(`== ${title}`);
    expect(stdout).toMatch(/total +\d+ .*\n(.*\n)*.*finished; \d accepted/);
    expect(await readdir(folder)).toEqual([]);
  });

  it('--prompts prints the prompts that a configuration sends, and asks nobody', async () => {
    const folder = await temporaryFolder();
    await writeFile(join(folder, 'mine.md'), 'Judge it kindly.\n');
    await writeFile(
      join(folder, 'run.yaml'),
      'refine: false\nstages: { judge: { prompt: mine.md } }\n',
    );
    const args = ['preview', '--prompts', '--config', 'run.yaml'];
    const { stdout, exitCode } = await runCommand(args, { cwd: folder });
    expect(exitCode).toBe(0);
    expect(stdout.match(/^== \w+, system/gm)).toEqual(
      ['filter', 'extract', 'generate', 'judge'].map((stage) => `== ${stage}, system`),
    );
    expect(stdout).toMatch(/== judge, system \(prompt \w+ from mine\.md\)\nJudge it kindly\.\n/);
  });
});

describe('gem-traj estimate', { timeout: 180_000 }, () => {
  it('counts tokens and money without asking, or from a sample that is run', async () => {
    const folder = await temporaryFolder();
    const server = await taughtServer();
    const prices = 'prices: { input: 1, output: 10 }';
    await endpointsFile(folder, { priced: `{ base_url: "${server.url}", model: m, ${prices} }` });
    const args = ['estimate', '--input', CORPUS, '--endpoint', 'priced'];
    const paper = await runCommand(args, { cwd: folder });
    expect(server.received).toBe(0);
    expect(paper.stdout).toMatch(/^80 documents .*\n.*filter +priced +80 .*in all \d+\.\d{4} USD/s);
    expect(paper.stdout).toContain('--sample N measures instead');

    const sampled = await runCommand([...args, '--sample', '8', '--json'], { cwd: folder });
    const { stages, passages, basis, spent_usd, accepted } = JSON.parse(sampled.stdout);
    expect([passages, basis]).toEqual([80, 'sample of 8 passages']);
    expect(stages[0]).toMatchObject({ stage: 'filter', requests: 80 });
    const total = stages.reduce(
      (sum: number, stage: { cost_usd: number }) => sum + stage.cost_usd,
      0,
    );
    expect(total).toBeCloseTo(10 * spent_usd, 6);
    expect(accepted % 10).toBe(0);
    expect(await readdir(folder)).toEqual(['endpoints.yaml']);
    const wrong = await runCommand([...args, '--sample', 'some'], { cwd: folder });
    expect(wrong).toMatchObject({ exitCode: 1, stdout: '' });
    expect(wrong.stderr).toContain('--sample: it must be a number');
  });
});

describe('gem-traj doctor', { timeout: 180_000 }, () => {
  it('says of each endpoint what is well and what is not', async () => {
    const options = { cwd: await folderOfServers(), env: { SOME_KEY: 'wrong' } };
    const { stdout, exitCode } = await runCommand(['doctor', '--all'], options);
    expect(exitCode).toBe(1);
    const of = (name: string) =>
      stdout.split(/^(?=\S)/m).find((part) => part.startsWith(`${name} (`));
    expect(of('good')).toMatch(
      /ok {3}models of .*scripted is among 1\n.*ok {3}answer .*tokens\/s\n/,
    );
    expect(of('good')).toMatch(/ok {3}structured output \(json_schema\): honoured/);
    expect(of('good')).not.toContain('FAIL');
    expect(of('chatty')).toMatch(/FAIL structured output .*not honoured: "Red, and seven\."; set /);
    expect(of('locked')).toMatch(
      /FAIL answer .*HTTP 401: Incorrect API key; .*the key in SOME_KEY/,
    );
    expect(of('other')).toMatch(
      /no-such-model is not listed; the server has scripted\n.*FAIL .*404/,
    );
    expect(of('keyless')).toMatch(/FAIL key: .*NOT_SET_KEY, which is not set/);
    expect(of('dead')).toMatch(/FAIL answer .*ECONNREFUSED 127\.0\.0\.1:17999/);
    const well = await runCommand(['doctor', '--endpoint', 'good', '--json'], options);
    expect(well.exitCode).toBe(0);
    expect(JSON.parse(well.stdout)).toMatchObject({ endpoint: 'good', model: 'scripted' });
  });

  it('takes the only model of the server of OPENAI_BASE_URL, and wants the address right', async () => {
    const server = await taughtServer(() => () => answer('1 2 3'));
    const good = await runCommand(['doctor'], { env: { OPENAI_BASE_URL: server.url } });
    expect(good).toMatchObject({ exitCode: 0 });
    expect(good.stdout).toMatch(/^environment \(scripted\)\n/);
    const cut = server.url.replace('/v1', '');
    const short = await runCommand(['doctor'], { env: { OPENAI_BASE_URL: cut } });
    expect(short.stderr).toMatch(/HTTP 404.*most end in \/v1; this one does not/);
    const schemeless = server.url.replace('http://127.0.0.1', 'localhost');
    const bare = await runCommand(['doctor'], { env: { OPENAI_BASE_URL: schemeless } });
    expect(bare.stderr).toContain('must be a URL such as http://localhost:8000/v1');
  });
});

/** A folder with an endpoints file: a server that is well, and others with one thing wrong each. */
async function folderOfServers(): Promise<string> {
  const folder = await temporaryFolder();
  const json = '{"colour": "red", "number": 3}';
  const good = await taughtServer(
    () =>
      ({ body }) =>
        answer(body.response_format ? json : '1 2 3'),
  );
  const chatty = await taughtServer(() => () => answer('Red, and seven.'));
  const locked = await taughtServer(() => () => ({
    kind: 'status',
    status: 401,
    message: 'Incorrect API key',
  }));
  const other = await taughtServer(() => () => ({
    kind: 'status',
    status: 404,
    message: 'The model does not exist',
  }));
  const entry = (url: string, more = '') =>
    `{ base_url: "${url}", model: scripted, structured_output: json_schema ${more} }`;
  await endpointsFile(folder, {
    good: entry(good.url),
    chatty: entry(chatty.url),
    locked: entry(locked.url, ', api_key_env: SOME_KEY'),
    other: entry(other.url).replace('scripted', 'no-such-model'),
    keyless: entry(good.url, ', api_key_env: NOT_SET_KEY'),
    dead: entry('http://127.0.0.1:17999/v1'),
  });
  return folder;
}
