import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { runFolder } from '../../core/run/run-name.ts';
import { runCommand } from '../helpers/command.ts';
import { taughtServer } from '../helpers/taught-server.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { CORPUS, endpointsFile, manifestOf } from '../synth/commands/jobs.ts';

describe('the name of a run', () => {
  it('is a folder below runs/, and a path is the path that the user wrote', () => {
    expect(runFolder('first')).toBe(join('runs', 'first'));
    expect(runFolder('CON')).toBe(join('runs', 'CON'));
    expect(runFolder('..x')).toBe(join('runs', '..x'));
    expect(runFolder('/scratch/me/first')).toBe('/scratch/me/first');
    expect(runFolder('../../x')).toBe('../../x');
  });

  it.each(['', ' ', '.', '..', 'a\u0000b'])('is not %j', (name) => {
    expect(() => runFolder(name)).toThrow(/^a run needs a name, or a path such as \.\/here; /);
  });

  it('that no file system takes is said to be so', { timeout: 60_000 }, async () => {
    const cwd = await temporaryFolder();
    const args = ['synth', '--input', CORPUS, '--offline', '--run', 'x'.repeat(300)];
    const { exitCode, stderr } = await runCommand(args, { cwd });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /the run's folder runs\/x+ cannot be made: ENAMETOOLONG.*give another --run/,
    );
  });
});

it('a model or an endpoint called like a path, or with a line of YAML in it, changes no file but the run’s', {
  timeout: 120_000,
}, async () => {
  const cwd = await temporaryFolder();
  const server = await taughtServer();
  const model = JSON.stringify('../../../escape\nseed: 7\u0000');
  await endpointsFile(cwd, { '../../up': `{ base_url: "${server.url}", model: ${model} }` });
  const args = ['synth', '--input', CORPUS, '--endpoint', '../../up', '--run', 'r', '--limit', '3'];
  const { exitCode, stderr } = await runCommand(args, { cwd });
  expect(exitCode, stderr).toBe(0);
  expect((await readdir(cwd)).sort()).toEqual(['endpoints.yaml', 'runs']);
  expect(await readdir(join(cwd, 'runs'))).toEqual(['r']);
  const config = parse(await readFile(join(cwd, 'runs', 'r', 'config.yaml'), 'utf8'));
  expect(config.seed).toBe(0);
  expect((await manifestOf(join(cwd, 'runs', 'r'))).state).toBe('finished');
});
