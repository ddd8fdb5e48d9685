import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { readRows } from '../../core/run/find-row.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { runCommand } from '../helpers/command.ts';
import { temporaryFolder } from '../helpers/temporary.ts';
import { startTransformersServe, type TransformersServe } from '../helpers/transformers-serve.ts';

const CORPUS = join(packageRoot(), 'synth', 'sample', 'corpus.jsonl');

describe('a model server that nobody here wrote, with a model that writes nonsense', {
  timeout: 300_000,
}, () => {
  let server: TransformersServe;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'real-server-'));
    server = await startTransformersServe(folder);
  });
  afterAll(async () => {
    await server?.close();
    await rm(folder, { recursive: true, force: true });
  });

  const environment = () => ({ OPENAI_BASE_URL: server.url, OPENAI_MODEL: server.model });

  it('is examined by doctor', async () => {
    const { stdout } = await runCommand(['doctor'], { env: environment(), timeout: 120_000 });
    expect(stdout).toMatch(/ok {3}answer from http.*tokens\/s/);
  });

  it('is spoken to, and its nonsense ends as honest rejections', async () => {
    const run = join(await temporaryFolder(), 'run');
    const config = join(folder, 'config.yaml');
    await writeFile(config, 'stages: { filter: { sampling: { max_tokens: 40 } } }\n');
    const args = ['synth', '--input', CORPUS, '--limit', '3', '--run', run, '--config', config];
    const result = await runCommand(args, { env: environment(), timeout: 240_000 });
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    const manifest = await readManifest(run);
    expect(manifest).toMatchObject({
      state: 'finished',
      failed_passages: 0,
      funnel: { passages: 3, accepted: 0 },
    });
    expect(manifest?.total.requests).toBeGreaterThanOrEqual(9);
    expect(manifest?.total.completion_tokens).toBeGreaterThan(0);
    for await (const { row } of readRows(run, ['rejected'])) {
      expect('reason' in row && row.reason).toMatch(/^no readable answer in 3 tries; the last: /);
    }
  });
});
