import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { runCommand } from '../../helpers/command.ts';
import { taughtServer } from '../../helpers/taught-server.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';
import { CORPUS, endpointsFile, idsOf, linesOf, manifestOf, synth } from './jobs.ts';

describe('gem-traj synth', { timeout: 180_000 }, () => {
  it('without an endpoint says in three lines how to give one', async () => {
    const { stderr, exitCode } = await synth('never', []);
    expect(exitCode).toBe(1);
    expect(stderr.trim().split('\n')).toHaveLength(3);
    for (const way of ['--endpoint NAME', 'OPENAI_BASE_URL=', '--offline'])
      expect(stderr).toContain(way);
  });

  it('accepts exactly the target, and takes surplus in when a higher one is given', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'run');
    const server = await taughtServer();
    const env = { OPENAI_BASE_URL: server.url, OPENAI_API_KEY: 'key' };
    expect(await synth(run, ['--target', '4'], { env })).toMatchObject({ exitCode: 0 });
    const first = await idsOf(run);
    expect(first).toHaveLength(4);
    const surplus = await idsOf(run, 'surplus.jsonl');
    expect((await manifestOf(run)).funnel).toMatchObject({ accepted: 4, surplus: surplus.length });
    expect(server.requests[0]?.headers.authorization).toBe('Bearer key');
    expect(server.requests[0]?.body.model).toBe('scripted');

    const result = await synth(run, ['--target', '9'], { env });
    const ids = await idsOf(run);
    expect(ids).toHaveLength(9);
    expect(ids.slice(0, 4)).toEqual(first);
    // Rows that were surplus are accepted now or still surplus; none is lost, none is in both.
    const all = [...ids, ...(await idsOf(run, 'surplus.jsonl'))];
    expect(all).toEqual(expect.arrayContaining(surplus));
    expect(new Set(all).size).toBe(all.length);
    expect(result.stdout).toContain('finished (the target of 9 is reached); 9 accepted');

    const asked = server.received;
    expect(await synth(run, ['--target', '9'], { env })).toMatchObject({ exitCode: 0 });
    expect(server.received).toBe(asked);
  });

  it('with --json prints JSON lines alone, whose figures are those of the files', async () => {
    const run = join(await temporaryFolder(), 'run');
    const { stdout, stderr } = await synth(run, ['--offline', '--limit', '7', '--json']);
    const lines = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ kind: 'progress', passages: 0 });
    const result = lines.at(-1);
    expect(result).toMatchObject({
      kind: 'result',
      state: 'finished',
      offline: true,
      corpus: { read: 7, passages: 7 },
    });
    expect(result.funnel.passages).toBe((await linesOf(run, 'passages.jsonl')).length);
    expect(result.funnel.accepted).toBe((await idsOf(run)).length);
    const answers = (await linesOf(run, 'journal.jsonl')).filter((line) => 'key' in line);
    expect(result.total.requests).toBe(answers.length);
    expect(stderr).toBe('');
    const human = await synth(run, ['--offline', '--limit', '7']);
    expect(human.stderr).toMatch(/^00:00 {2}passages 7\/7 {2}multi-step \d+ .* accepted \d+ /);
    expect(human.stdout).toMatch(/^Made by the offline teacher .*\n7 documents in 1 file gave 7 /);
  });

  it('reads JSON lines from standard input', async () => {
    const folder = await temporaryFolder();
    const run = join(folder, 'run');
    const input = await readFile(CORPUS, 'utf8');
    const args = [
      'synth',
      '--input',
      '-',
      '--run',
      run,
      '--offline',
      '--limit',
      '2',
      '--no-refine',
    ];
    expect(await runCommand(args, { input })).toMatchObject({ exitCode: 0 });
    const ids = (await linesOf(run, 'passages.jsonl')).map(({ id }) => id);
    expect(ids.sort()).toEqual(['physiotherapy-clinic-booking', 'returns-desk-outdoor-shop']);
  });
});

describe('ablations and other settings', { timeout: 180_000 }, () => {
  it('reuse the answers of an earlier run, and the funnel and the rows say what was on', async () => {
    const folder = await temporaryFolder();
    const [base, bare] = [join(folder, 'base'), join(folder, 'bare')];
    const server = await taughtServer();
    const env = { OPENAI_BASE_URL: server.url };
    await synth(base, ['--limit', '8'], { env });
    const [asked, funnel] = [server.received, (await manifestOf(base)).funnel];

    const off = ['--no-refine', '--no-check', '--no-judge', '--reuse', base];
    const { stdout } = await synth(bare, ['--limit', '8', ...off], { env });
    expect(server.received).toBe(asked);
    expect(stdout).not.toMatch(/refined|passed the checks|passed the judge/);
    const manifest = await manifestOf(bare);
    expect(manifest).toMatchObject({
      ablation: { refine: false, check: false, judge: false },
      funnel: { refined: 0, accepted: funnel.generated },
      total: { requests: 0 },
    });
    expect(manifest.total.reused).toBe(8 + funnel.multi_step + funnel.generated);
    for (const row of await linesOf(bare, 'trajectories.jsonl')) {
      expect(row.provenance.ablation).toEqual({ refine: false, check: false, judge: false });
      expect([row.judge, row.checks]).toEqual([null, []]);
    }
  });

  it('that change what a run holds are refused on an old run, and taken by another', async () => {
    const folder = await temporaryFolder();
    const [base, other] = [join(folder, 'base'), join(folder, 'other')];
    const server = await taughtServer();
    const env = { OPENAI_BASE_URL: server.url };
    await synth(base, ['--limit', '8'], { env });
    const [asked, funnel] = [server.received, (await manifestOf(base)).funnel];
    const [domain] = (await linesOf(base, 'trajectories.jsonl'))[0].tags.domains;
    const drop = ['--limit', '8', '--gate', 'paper', '--drop-domain', domain, '--reuse', base];
    await synth(other, drop, { env });
    expect(server.received).toBe(asked);
    const { funnel: dropped } = await manifestOf(other);
    expect(dropped.filtered_domain).toBeGreaterThan(0);
    expect(dropped.multi_step + dropped.filtered_domain).toBe(funnel.multi_step);

    const before = await readFile(join(base, 'trajectories.jsonl'), 'utf8');
    const refused = await synth(base, ['--limit', '8', '--no-judge', '--seed', '3'], { env });
    expect(refused.exitCode).toBe(1);
    expect(refused.stderr).toMatch(
      /other settings.*\n {2}judge: true -> false\n {2}judge_prompt: .*\n {2}repair: 1 -> 0\n {2}seed: 0 -> 3\n/,
    );
    expect(refused.stderr).toContain('stages.generate.sampling.seed: 0 -> 3');
    expect(refused.stderr).not.toMatch(/stages\.(?:judge|repair)/);
    expect(refused.stderr).toMatch(/new --run name\nand --reuse /);
    expect(await readFile(join(base, 'trajectories.jsonl'), 'utf8')).toBe(before);
  });

  it('come from a file: prompts, JSON answers, sampling, an endpoint for one stage', async () => {
    const folder = await temporaryFolder();
    const [teacher, judge] = [await taughtServer(), await taughtServer()];
    const file = await endpointsFile(folder, {
      teacher: `{ base_url: "${teacher.url}", model: big, structured_output: json_schema }`,
      verdicts: `{ base_url: "${judge.url}", model: small, sampling: { top_p: 0.5 } }`,
    });
    await writeFile(join(folder, 'extract.md'), 'Extract it, as I say.\n');
    await writeFile(
      join(folder, 'filter.mjs'),
      'export default ({ passage }, as) => ({ system: `mine, ${as}`, user: `Task: filter\\n<passage>\\n${passage.text}\\n</passage>` });\n',
    );
    await writeFile(
      join(folder, 'run.yaml'),
      `endpoint: teacher
limit: 3
stages:
  filter: { prompt: filter.mjs }
  extract: { prompt: extract.md, answer: json }
  judge: { sampling: { max_tokens: 99 } }
`,
    );
    const flags = ['--config', 'run.yaml', '--stage-endpoint', 'judge=verdicts'];
    const run = join(folder, 'run');
    const result = await synth(run, [...flags, '--endpoints', file], { cwd: folder });
    expect(result.exitCode, result.stderr).toBe(0);
    const systems = teacher.requests.map(({ body }) => body.messages[0]?.content);
    expect(systems.filter((text) => text === 'mine, tags')).toHaveLength(3);
    const extracts = teacher.requests.filter(
      ({ body }) => body.messages[0]?.content === 'Extract it, as I say.',
    );
    expect(extracts.length).toBeGreaterThan(0);
    for (const { body } of extracts)
      expect(body.response_format).toMatchObject({ type: 'json_schema' });
    expect(judge.requests.length).toBeGreaterThan(0);
    for (const { body } of judge.requests)
      expect(body).toMatchObject({ model: 'small', top_p: 0.5, max_tokens: 99, temperature: 0 });
  });
});
