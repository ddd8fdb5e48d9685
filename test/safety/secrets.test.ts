import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EndpointsFile } from '../../core/llm/endpoint.ts';
import { parseYaml } from '../../core/yaml.ts';
import {
  type CommandOptions,
  type CommandResult,
  runCommand,
  startCommand,
} from '../helpers/command.ts';
import { answer } from '../helpers/model-actions.ts';
import type { ModelServer, Script } from '../helpers/model-server.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { CORPUS, endpointsFile } from '../synth/commands/jobs.ts';
import { filesBelow, KEY, leaks } from './marked-key.ts';

/** A folder with an endpoints file whose entry `mine` takes its key from MY_KEY, and the command run there. */
async function place(server: ModelServer, more = 'api_key_env: MY_KEY') {
  const folder = await temporaryFolder();
  await endpointsFile(folder, {
    mine: `{ base_url: "${server.url}", model: m, timeout_s: 2, ${more} }`,
  });
  const results: CommandResult[] = [];
  const run = async (args: string[], over: CommandOptions = {}) => {
    const env = { MY_KEY: KEY, ...over.env };
    const result = await runCommand(args, { timeout: 120_000, ...over, cwd: folder, env });
    results.push(result);
    return result;
  };
  const synth = (over: string[] = [], options?: CommandOptions) =>
    run(['synth', '--input', CORPUS, '--run', 'r', '--endpoint', 'mine', ...over], options);
  return { folder, run, synth, leaks: () => leaks(folder, results) };
}

/** What every request carried. */
const keysAt = ({ requests }: ModelServer) => [
  ...new Set(requests.map(({ headers }) => headers.authorization)),
];

/** A server that repeats the key in whatever it does. */
const repeating =
  (status: number): ((script: Script) => Script) =>
  () =>
  ({ headers }) => ({
    kind: 'status',
    status,
    message: `Incorrect API key provided: ${headers.authorization}`,
    headers: {
      location: `http://elsewhere.invalid/v1?key=${encodeURIComponent(KEY)}`,
      'x-request-id': encodeURIComponent(KEY),
    },
  });

describe('a key', { timeout: 240_000 }, () => {
  it.each([
    [401, /HTTP 401: .*Incorrect API key provided: Bearer \*\*\*/],
    [307, /redirected to http:\/\/elsewhere\.invalid\/v1\?key=\*\*\*;/],
    [422, /passages got no answer; most often: HTTP 422: .*Bearer \*\*\*/],
  ])('that the server repeats with a %i stands nowhere', async (status, message) => {
    const server = await taughtServer(repeating(status));
    const { synth, run, leaks } = await place(server);
    expect((await synth()).stderr).toMatch(message);
    await run(['status', 'r']);
    await run(['report', 'r']);
    await run(['doctor', '--endpoint', 'mine']);
    await run(['estimate', '--input', CORPUS, '--endpoint', 'mine', '--sample', '2']);
    expect(keysAt(server)).toEqual([`Bearer ${KEY}`]);
    expect(await leaks()).toEqual([]);
  });

  it('that comes with an answer does not come into the journal or a row', async () => {
    const server = await taughtServer((script) => async (request) => {
      const action = await script(request);
      if (action.kind !== 'delay' || action.followedBy.kind !== 'answer') return action;
      return answer(action.followedBy.text, {
        reasoning: `I was called with ${KEY}`,
        message: { echo: request.headers },
      });
    });
    const { synth, run, folder, leaks } = await place(server);
    const done = await synth(['--limit', '4']);
    expect(done.exitCode, done.stderr).toBe(0);
    expect(await readFile(join(folder, 'runs/r/journal.jsonl'), 'utf8')).toContain(
      'I was called with ***',
    );
    for (const format of ['jsonl', 'sharegpt']) await run(['export', 'r', '--format', format]);
    expect(await leaks()).toEqual([]);
    expect((await filesBelow(folder)).length).toBeGreaterThan(8);
  });

  it('is taken from a file, and a crash does not print it', async () => {
    const server = await taughtServer(undefined, 50);
    const folder = await temporaryFolder();
    const outside = join(await temporaryFolder(), 'my.key');
    await writeFile(outside, `${KEY}\n`);
    await endpointsFile(folder, {
      mine: `{ base_url: "${server.url}", model: m, api_key_file: "${outside}" }`,
    });
    // As a fault of ours would: an error that nobody awaits, with the key in its causes and members.
    const bomb = [
      "const { readFileSync } = await import('node:fs');",
      `const key = readFileSync(${JSON.stringify(outside)}, 'utf8').trim();`,
      "const error = new Error('no answer for ' + key, { cause: new Error('Bearer ' + key) });",
      "process.on('SIGUSR2', () => { throw Object.assign(error, { headers: { authorization: key } }); });",
    ].join('\n');
    const preload = `data:text/javascript,${encodeURIComponent(bomb)}`;
    const running = startCommand(['synth', '--input', CORPUS, '--run', 'r', '--endpoint', 'mine'], {
      cwd: folder,
      env: { NODE_OPTIONS: `--import=${preload}` },
    });
    await expect.poll(() => server.received, { timeout: 150_000 }).toBeGreaterThan(0);
    running.kill('SIGUSR2');
    const crashed = await running.finished;
    expect(crashed.exitCode).toBe(1);
    expect(crashed.stderr).toMatch(/gem-traj: no answer for \*\*\*\n {2}caused by: Bearer \*\*\*/);
    expect(keysAt(server)).toEqual([`Bearer ${KEY}`]);
    expect(await leaks(folder, [crashed])).toEqual([]);
  });

  it.each([
    [
      'in the place of its name',
      `api_key_env: '${KEY.replaceAll("'", "''")}'`,
      /the NAME of an environment variable is wanted/,
    ],
    ['as a key of the entry', `api_key: ${JSON.stringify(KEY)}`, /unknown key "api_key"/],
    [
      'in the URL',
      `base_url: "http://me:${encodeURIComponent(KEY)}@127.0.0.1/v1"`,
      /must carry no user or password.*http:\/\/\*\*\*@127/,
    ],
    [
      "in the URL's query",
      `base_url: "http://127.0.0.1/v1?key=x"`,
      /what comes after \? or # would not reach the server/,
    ],
    ['in a line that is no YAML', `api_key: ${KEY}: [`, /e\.yaml, line 1: .*\n.*api_key: \*\*\*$/],
    ['in two places', 'api_key_env: MY_KEY, api_key_file: my.key', /api_key_env is given too/],
  ])('that somebody wrote %s is refused and not shown', (_, entry, message) => {
    const url = entry.startsWith('base_url') ? '' : 'base_url: "http://127.0.0.1:9/v1", ';
    const read = () =>
      parseYaml(`endpoints: { mine: { ${url}model: m, ${entry} } }`, EndpointsFile, 'e.yaml');
    expect(read).toThrow(message);
    expect(read).not.toThrow(/marked/);
  });

  it('is never a flag, and its file must hold one', async () => {
    const server = await taughtServer();
    const { synth, folder } = await place(server, 'api_key_file: my.key');
    const flag = await synth(['--api-key', KEY]);
    expect(flag.stderr).toMatch(/Unknown arguments: api-key, apiKey;/);
    expect(flag.stderr).not.toContain('marked');
    expect((await synth()).stderr).toMatch(
      /^gem-traj: endpoint mine takes its key from the file my\.key, which cannot be read: ENOENT/,
    );
    await writeFile(join(folder, 'my.key'), `# my key\n${KEY}\n`);
    const two = await synth();
    expect(two.stderr).toMatch(/my\.key, which holds no key \(one line of printable characters/);
    expect(two.stderr).not.toContain('marked');
    expect(server.received).toBe(0);
  });

  it('goes into a job of Slurm by its name', async () => {
    const { run, leaks } = await place(await taughtServer());
    const slurm = ['--on', 'slurm', '--shards', '2', '--cluster', 'loopback', '--dry-run'];
    const args = ['synth', '--input', CORPUS, '--run', 'r', '--endpoint', 'mine', ...slurm];
    const { stdout, stderr, exitCode } = await run(args);
    expect(exitCode, stderr).toBe(0);
    expect(stdout).toMatch(/#SBATCH --export=.*\bMY_KEY\b/);
    expect(await leaks()).toEqual([]);
  });

  it('in OPENAI_BASE_URL is not shown', async () => {
    const base = `postgres://me:${encodeURIComponent(KEY)}@127.0.0.1/v1`;
    for (const url of [base, base.replace('postgres', 'http')]) {
      const { exitCode, stderr } = await runCommand(['doctor'], { env: { OPENAI_BASE_URL: url } });
      expect(exitCode).toBe(1);
      expect(stderr).toContain('://***@127.0.0.1/v1');
      expect(stderr).not.toContain('marked');
    }
  });
});
