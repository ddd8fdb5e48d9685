import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../helpers/command.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { endpointsFile, synth } from './commands/jobs.ts';

/** What synth says, in a folder with some files in it, where it must fail. */
async function complaint(files: Record<string, string>, args: string[]): Promise<string> {
  const cwd = await temporaryFolder();
  for (const [name, text] of Object.entries(files)) await writeFile(join(cwd, name), text);
  const { exitCode, stderr } = await runCommand(['synth', '--run', 'r', ...args], { cwd });
  expect(exitCode).toBe(1);
  expect(stderr).not.toMatch(/^ {4}at /m);
  return stderr.split('gem-traj: ').at(-1) ?? '';
}

const ROW = '{"id": 7, "title": "A day", "content": "Some text"}\n';

describe('what a user can get wrong is said with the value and what to do', {
  timeout: 60_000,
}, () => {
  const offline = ['--input', 'a.jsonl', '--offline'];
  const wrong: [string, Record<string, string>, string[], RegExp][] = [
    ['a missing file', {}, offline, /^input a\.jsonl does not exist \(looked from .*name a file/],
    [
      'an empty corpus',
      { 'a.jsonl': '', 'b.txt': '  \n' },
      ['--input', 'a.jsonl', 'b.txt', '--offline'],
      /^the input has no passage that can be used\n.* gave 0 passages\n {2}left out, empty: 1/,
    ],
    [
      'a field that is not there',
      { 'a.jsonl': ROW },
      [...offline, '--text-field', 'body'],
      /a\.jsonl has no field body\. Fields of its first row: id, title, content\./,
    ],
    [
      'malformed YAML',
      { 'a.jsonl': ROW, 'c.yaml': 'seed: 1\nstages: { judge: { answer: json }\n' },
      [...offline, '--config', 'c.yaml'],
      /^c\.yaml, line 2: .*\n {2}stages: \{ judge/,
    ],
    [
      'unknown keys and wrong values',
      { 'a.jsonl': ROW, 'c.yaml': 'stages:\n  judge: { answer: xml }\n  filtr: {}\n' },
      [...offline, '--config', 'c.yaml'],
      /^c\.yaml, line 2: stages\.judge\.answer: .*"tags"\|"json"; it is "xml"\nc\.yaml, line 3: stages: unknown key "filtr"; known are filter, extract/,
    ],
    [
      'an unknown stage',
      { 'a.jsonl': ROW },
      ['--input', 'a.jsonl', '--stage-endpoint', 'judgement=openai'],
      /^--stage-endpoint judgement=openai: write STAGE=NAME, with STAGE one of filter, extract, /,
    ],
    [
      'an unknown endpoint',
      {
        'a.jsonl': ROW,
        'endpoints.yaml': 'endpoints: { mine: { base_url: "http://h/v1", model: m } }',
      },
      ['--input', 'a.jsonl', '--endpoint', 'yours'],
      /^there is no endpoint "yours" in endpoints\.yaml; it has mine/,
    ],
    [
      'a key that is not set',
      { 'a.jsonl': ROW },
      ['--input', 'a.jsonl', '--endpoint', 'openai'],
      /^endpoint openai takes its key from the environment variable OPENAI_API_KEY, which is not set; export it/,
    ],
    [
      'a number that is none',
      { 'a.jsonl': ROW },
      [...offline, '--limit', '0'],
      /^--limit 0: Too small: expected number to be >0/,
    ],
    [
      'an unknown flag',
      { 'a.jsonl': ROW },
      [...offline, '--limits', '3'],
      /^Unknown argument: limits; --help lists what there is/,
    ],
    [
      'a prompt file that cannot be loaded',
      {
        'a.jsonl': ROW,
        'p.mjs': 'export default (',
        'c.yaml': 'stages: { judge: { prompt: p.mjs } }',
      },
      [...offline, '--config', 'c.yaml'],
      /^prompt file p\.mjs cannot be loaded\n {2}caused by: /,
    ],
  ];

  it.each(wrong)('%s', async (_what, files, args, message) => {
    expect(await complaint(files, args)).toMatch(message);
  });

  it("other people's files in the run's folder, which stay as they are", async () => {
    const folder = await temporaryFolder();
    await mkdir(join(folder, 'run'));
    await writeFile(join(folder, 'run', 'thesis.txt'), 'mine');
    const { stderr } = await synth(join(folder, 'run'), ['--offline']);
    expect(stderr).toMatch(/is no run's folder \(it holds thesis\.txt but no manifest\.json\)/);
    expect(await readFile(join(folder, 'run', 'thesis.txt'), 'utf8')).toBe('mine');
  });
});

describe('a server that cannot be used', { timeout: 120_000 }, () => {
  it.each([
    [
      'wrong key',
      401,
      'Incorrect API key provided',
      /HTTP 401: Incorrect API key.*the key in SOME_KEY/,
    ],
    [
      'unknown model',
      404,
      'The model `m` does not exist',
      /HTTP 404: The model `m` does not exist.*check model/,
    ],
  ])('for its %s stops the run at once', async (_what, status, message, said) => {
    const folder = await temporaryFolder();
    const server = await taughtServer(() => () => ({ kind: 'status', status, message }));
    const more = 'api_key_env: SOME_KEY, concurrency: { first: 1, highest: 64 }';
    const file = await endpointsFile(folder, {
      keyed: `{ base_url: "${server.url}", model: m, ${more} }`,
    });
    const flags = ['--endpoints', file, '--endpoint', 'keyed'];
    const { stderr, exitCode } = await synth(join(folder, 'run'), flags, {
      env: { SOME_KEY: 'x' },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(said);
    expect(server.received).toBe(1);
  });

  it.each([
    ['port that nobody listens on', 'http://127.0.0.1:17998/v1', 'ECONNREFUSED 127.0.0.1:17998'],
    [
      'name that nobody has',
      'http://no-such-host.invalid/v1',
      /(ENOTFOUND|EAI_AGAIN) no-such-host/,
    ],
  ])('for a %s is given up soon, with its address', async (_what, url, said) => {
    const run = join(await temporaryFolder(), 'run');
    const env = { OPENAI_BASE_URL: url, OPENAI_MODEL: 'm' };
    const { stderr, exitCode } = await synth(run, [], { env });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(said);
    expect(stderr).toContain(`endpoint environment (m at ${url})`);
    expect(stderr).toMatch(/is the server up, and the base_url right\?/);
  });
});
