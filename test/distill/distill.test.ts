import { existsSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readSynthesizerAnswer } from '../../core/synthesizer.ts';
import { Trajectory } from '../../core/trajectory.ts';
import { checkConversation, strictGateFails } from '../../synth/check/run-checks.ts';
import { runCommand, startCommand } from '../helpers/command.ts';
import { sharedFolder, temporaryFolder } from '../helpers/temporary.ts';
import { synth } from '../synth/commands/jobs.ts';
import { linesOf, readDataset } from './datasets.ts';

let run: string;
let trajectories: Trajectory[];

beforeAll(async () => {
  run = join(await sharedFolder(), 'sample');
  const { exitCode, stderr } = await synth(run, ['--offline']);
  expect(stderr).not.toMatch(/error/i);
  expect(exitCode).toBe(0);
  trajectories = (await linesOf(join(run, 'trajectories.jsonl'))).map((row) =>
    Trajectory.parse(row),
  );
});

const distill = (out: string, over: string[] = []) =>
  runCommand(['distill', '--run', run, '--out', out, '--allow-offline', ...over], {
    timeout: 180_000,
  });

describe('a synthesizer dataset', () => {
  let folder: string;

  beforeAll(async () => {
    folder = join(await sharedFolder(), 'pairs');
    const { exitCode, stdout } = await distill(folder, [
      ...[
        '--task',
        'synthesizer',
        '--validation',
        '0.1',
        '--test',
        '5',
        '--decontaminate',
        'bfcl',
        'tau2',
      ],
    ]);
    expect(stdout).toContain(`dataset: ${folder}`);
    expect(exitCode).toBe(0);
  });

  it('has each accepted trajectory as a pair that can be read back and passes the checks', async () => {
    const { rows, manifest } = await readDataset(folder);
    const byId = new Map(trajectories.map((row) => [row.id, row]));
    const all = [
      ...(await rows('trl', 'train')),
      ...(await rows('trl', 'validation')),
      ...(await rows('trl', 'test')),
    ];
    expect(all.length).toBe(trajectories.length);
    expect(manifest.kept).toBe(all.length);
    for (const { id, messages } of all) {
      const [prompt, target] = messages;
      const source = byId.get(id);
      expect(prompt?.content).toContain(source?.source.text.slice(0, 60).split('<')[0]);
      const read = readSynthesizerAnswer(target?.content ?? '');
      if (!read.ok || source === undefined) throw new Error(`${id} cannot be read back`);
      expect(read.conversation).toEqual({ messages: source.messages, tools: source.tools });
      const findings = checkConversation({
        conversation: read.conversation,
        refined: true,
        profile: 'gem',
        language: 'English',
        patterns: source.patterns.asked,
        workflow: source.workflow ?? undefined,
        passage: source.source.text,
      });
      expect(strictGateFails(findings)).toBe(false);
    }
  });

  it('has the same rows for every trainer, and no document on two sides', async () => {
    const { rows, decisions } = await readDataset(folder);
    const sides = new Map<string, Set<string>>();
    for (const split of ['train', 'validation', 'test'] as const) {
      const ids = (await rows('trl', split)).map(({ id }) => id);
      expect(ids.length).toBeGreaterThan(0);
      for (const trainer of ['llamafactory', 'swift', 'axolotl'] as const)
        expect((await rows(trainer, split)).map(({ id }) => id)).toEqual(ids);
    }
    for (const line of decisions) {
      if (!line.kept) continue;
      const seen = sides.get(line.source_id) ?? new Set();
      sides.set(line.source_id, seen.add(line.split));
    }
    expect([...sides.values()].every((seen) => seen.size === 1)).toBe(true);
    expect([...sides.values()].filter((seen) => seen.has('test'))).toHaveLength(5);
  });

  it('tells in its card what it is, and that the offline teacher made it', async () => {
    const card = await readFile(join(folder, 'README.md'), 'utf8');
    expect(card).toMatch(/^---\n[\s\S]*configs:[\s\S]*\n---\n/);
    for (const part of [
      'offline teacher',
      'Decontamination',
      'passages from 0.8 on',
      'bfcl',
      'tau2',
      'Turn the text in <passage>',
      '46.1 / 41',
    ])
      expect(card).toContain(part);
  });

  it('is not made again from the same rows and rules, nor replaced unasked', async () => {
    const over = ['--validation', '0.1', '--test', '5', '--decontaminate', 'bfcl', 'tau2'];
    const again = await distill(folder, ['--task', 'synthesizer', ...over]);
    expect(again.stdout).toContain('is there already');
    expect(again.exitCode).toBe(0);
    const other = await distill(folder, ['--task', 'agent', ...over]);
    expect(other.stderr).toMatch(/holds a dataset .* --replace/);
    expect(other.exitCode).toBe(1);
  });

  it('gives a document up for good', async () => {
    const gone = trajectories[0]?.source.id ?? '';
    const removed = await runCommand(['distill', 'remove', folder, '--source', gone]);
    expect(removed.stdout).toContain(trajectories[0]?.id);
    const { manifest, rows } = await readDataset(folder);
    expect(manifest.kept).toBe(trajectories.length - 1);
    expect(manifest.dropped).toEqual({ removed: 1 });
    for (const trainer of manifest.trainers) {
      for (const split of ['train', 'validation', 'test'] as const)
        expect((await rows(trainer, split)).map(({ source_id }) => source_id)).not.toContain(gone);
    }
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toContain(`${manifest.kept} kept`);
    const anew = await distill(folder, ['--task', 'synthesizer', '--replace']);
    expect(anew.exitCode).toBe(0);
    expect((await readDataset(folder)).manifest.dropped).toEqual({ source_refused: 1 });
    const missing = await runCommand(['distill', 'remove', folder, '--source', 'nowhere']);
    expect(missing.stderr).toContain('no row of');
    expect(missing.exitCode).toBe(1);
  });
});

describe('a stopped distill', () => {
  it('leaves a folder that says so, and the same command makes it whole', async () => {
    const [whole, stopped] = [
      join(await temporaryFolder(), 'rows'),
      join(await temporaryFolder(), 'rows'),
    ];
    const args = (out: string) => [
      ...['distill', '--run', run, '--out', out, '--allow-offline', '--task', 'agent'],
      ...['--trainer', 'trl', '--no-columnar'],
    ];
    const child = startCommand(args(stopped), { timeout: 180_000 });
    await vi.waitUntil(() => existsSync(join(stopped, 'manifest.json')), { timeout: 60_000 });
    child.kill('SIGKILL');
    await child.finished;
    const inspected = await runCommand(['distill', 'inspect', stopped]);
    expect(inspected.stderr).toContain('run the same command again');
    for (const out of [whole, stopped])
      expect((await runCommand(args(out), { timeout: 180_000 })).exitCode).toBe(0);
    const [one, other] = await Promise.all(
      [whole, stopped].map((out) => readFile(join(out, 'trl', 'train.jsonl'), 'utf8')),
    );
    expect(other).toBe(one);
  });
});

describe('an agent dataset', () => {
  it('has the conversations as they are, chosen by the rules', async () => {
    const folder = join(await temporaryFolder(), 'agent');
    const rules = join(await temporaryFolder(), 'rules.yaml');
    await writeFile(rules, 'caps: { per_domain: 3 }\nmessages: { max: 15 }\n');
    const { exitCode } = await distill(folder, [
      '--task',
      'agent',
      '--rules',
      rules,
      '--trainer',
      'trl',
      'swift',
    ]);
    expect(exitCode).toBe(0);
    const { manifest, rows, decisions } = await readDataset(folder);
    expect(manifest.trainers).toEqual(['trl', 'swift']);
    const kept = await rows('trl', 'train');
    for (const { id, messages, tools } of kept) {
      const source = trajectories.find((row) => row.id === id);
      expect(tools).toEqual(source?.tools);
      expect(messages.map(({ role, content }) => [role, content])).toEqual(
        source?.messages.map(({ role, content }) => [role, content]),
      );
      expect(messages.length).toBeLessThanOrEqual(15);
    }
    const domains = new Map<string, number>();
    for (const line of decisions)
      if (line.kept)
        for (const domain of line.facts.domains)
          domains.set(domain, (domains.get(domain) ?? 0) + 1);
    expect(Math.max(...domains.values())).toBe(3);
    const reasons = decisions.flatMap((line) => (line.kept ? [] : [line.code]));
    expect(new Set(reasons)).toEqual(new Set(['message_count', 'cap_domain']));
    expect(decisions.length).toBe(trajectories.length);
  });

  it('is uploaded by the user’s own hf, only when asked', async () => {
    const bin = await temporaryFolder();
    const called = join(bin, 'called');
    await writeFile(join(bin, 'hf'), `#!/bin/sh\necho "$@" >> ${called}\n`, { mode: 0o755 });
    const env = { PATH: `${bin}:${process.env.PATH}` };
    const folder = join(await temporaryFolder(), 'pushed');
    const args = [
      'distill',
      '--run',
      run,
      '--out',
      folder,
      '--allow-offline',
      '--task',
      'agent',
      '--trainer',
      'trl',
    ];
    await runCommand(args, { env, timeout: 180_000 });
    await expect(readFile(called, 'utf8')).rejects.toThrow();
    const pushed = await runCommand([...args, '--push', 'someone/rows'], { env, timeout: 180_000 });
    expect(pushed.stderr).toContain(`hf upload someone/rows ${folder} . --repo-type dataset`);
    expect(await readFile(called, 'utf8')).toBe(
      `upload someone/rows ${folder} . --repo-type dataset\n`,
    );
    const without = await runCommand([...args, '--push', 'someone/rows'], {
      env: { PATH: '/nowhere' },
    });
    expect(without.stderr).toContain('there is no `hf` on PATH');
    expect(without.exitCode).toBe(1);
  });
});
