import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { EndpointsFile } from '../../core/llm/endpoint.ts';
import { parseYaml } from '../../core/yaml.ts';
import { SynthConfig } from '../../synth/config.ts';
import { preload } from '../faults/preload.ts';
import { runCommand } from '../helpers/command.ts';
import { answer } from '../helpers/model-actions.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { CORPUS, linesOf, manifestOf } from '../synth/commands/jobs.ts';

/** Tells at the end of a process whether every object got a member `polluted` on the way. */
const WATCH = preload(
  "process.on('exit', () => { if ({}.polluted !== undefined || [].polluted !== undefined) process.stderr.write('POLLUTED\\n'); });",
);

const HOSTILE = '"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},';

describe('JSON with __proto__ and constructor', { timeout: 240_000 }, () => {
  it('in a corpus is data like other data', async () => {
    const folder = await temporaryFolder();
    const rows = (await readFile(CORPUS, 'utf8')).split('\n').slice(0, 8);
    const ids = [
      '__proto__',
      'constructor',
      '../../escape',
      '/etc/x',
      'a\u0000b',
      'CON',
      'toString',
      'x'.repeat(3000),
    ];
    const hostile = rows.map((row, index) => {
      const { text } = JSON.parse(row);
      return `{${HOSTILE}"id":${JSON.stringify(ids[index])},"text":${JSON.stringify(text)}}`;
    });
    await writeFile(join(folder, 'corpus.jsonl'), `${hostile.join('\n')}\n`);
    const run = async (...args: string[]) => {
      const result = await runCommand(args, { cwd: folder, env: { NODE_OPTIONS: WATCH } });
      expect(result.exitCode, result.stderr).toBe(0);
      expect(result.stderr).not.toContain('POLLUTED');
    };
    await run('synth', '--input', 'corpus.jsonl', '--run', 'r', '--offline');
    const { funnel } = await manifestOf(join(folder, 'runs', 'r'));
    expect(funnel.passages).toBe(8);
    await run('report', 'r');
    await run('check', 'runs/r/trajectories.jsonl', '--json');
    await run('export', 'r', '--format', 'sharegpt');
    const kept = await linesOf(join(folder, 'runs', 'r'), 'trajectories.jsonl');
    expect(kept.length).toBeGreaterThan(2);
    for (const { source } of kept) expect(ids).toContain(source.id.replace(/[#:]\d+$/, ''));
  });

  it('in answers is read or turned down, and every passage ends', async () => {
    const server = await taughtServer((script) => async (request) => {
      const action = await script(request);
      if (action.kind !== 'delay' || action.followedBy.kind !== 'answer') return action;
      return answer(action.followedBy.text.replaceAll('{"', `{${HOSTILE}"`));
    });
    const run = join(await temporaryFolder(), 'run');
    const env = { OPENAI_BASE_URL: server.url, NODE_OPTIONS: WATCH };
    const args = ['synth', '--input', CORPUS, '--run', run, '--limit', '12', '--repair', '1'];
    const result = await runCommand(args, { env, timeout: 120_000 });
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.stderr).not.toContain('POLLUTED');
    expect(await manifestOf(run)).toMatchObject({
      state: 'finished',
      failed_passages: 0,
      funnel: { passages: 12 },
    });
  });

  it('in a configuration is refused or has no effect', () => {
    const entry = 'base_url: http://127.0.0.1/v1, model: m';
    const { endpoints } = parseYaml(
      `endpoints: { a: { ${entry}, extra_body: { __proto__: { polluted: 1 }, constructor: { polluted: 1 } } } }`,
      EndpointsFile,
      'e.yaml',
    );
    expect(Reflect.get(endpoints.a?.extra_body ?? {}, 'polluted')).toBeUndefined();
    expect(Reflect.get({}, 'polluted')).toBeUndefined();
    for (const key of ['constructor', 'toString']) {
      const text = `endpoints: { a: { ${entry}, sampling: { ${key}: { temperature: 2 } } } }`;
      expect(() => parseYaml(text, EndpointsFile, 'e.yaml')).toThrow(`unknown key "${key}"`);
    }
    const config = () => parseYaml('__proto__: { seed: 7 }', SynthConfig, 'c.yaml').seed;
    expect(config).toThrow('unknown key "__proto__"');
  });
});

describe('YAML', () => {
  it.each([
    ['a function', '!!js/function "function () { return 1 }"'],
    ['a command', '!!python/object/apply:os.system ["echo here"]'],
    ['a tag of its own', '!run "echo here"'],
    ['a regular expression', '!!js/regexp /a/'],
  ])('with %s runs nothing', (_, value) => {
    const read = () => parseYaml(`seed: ${value}`, SynthConfig, 'c.yaml');
    expect(read).toThrow(/^c\.yaml, line 1: seed: /);
  });

  it.each([
    ['lists in lists', `seed: ${'['.repeat(50_000)}`],
    ['maps in maps', `seed: ${'{a: '.repeat(50_000)}`],
    ['merges of merges', `a: &a { <<: *a }\nseed: *a\n`],
    ['nothing but opening quotes', `seed: ${'"'.repeat(50_001)}`],
  ])('of %s without end is refused in a line', (_, text) => {
    expect(() => parseYaml(text, SynthConfig, 'c.yaml')).toThrow(/^c\.yaml(, line \d+)?: .{5,}/);
  });
});
