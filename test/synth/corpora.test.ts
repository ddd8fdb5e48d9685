import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { runCommand } from '../helpers/command.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const CORPORA = join(packageRoot(), '..', 'shared', 'corpora');
const AGREEMENT = join(packageRoot(), 'scripts', 'benchmarks', 'filter-agreement.ts');

// Real text by others lies beside the project, never in it.
describe.skipIf(!existsSync(CORPORA))(
  'all corpora of ../shared in one command (skipped: ../shared is absent)',
  () => {
    it('run to their end, with the filter near their labels', { timeout: 240_000 }, async () => {
      const run = join(await temporaryFolder(), 'corpora');
      const result = await runCommand(['synth', '--input', CORPORA, '--offline', '--run', run], {
        timeout: 200_000,
      });
      expect(result, result.stderr).toMatchObject({ exitCode: 0 });
      expect(await readManifest(run)).toMatchObject({ state: 'finished', failed_passages: 0 });
      expect((await readManifest(run))?.funnel.passages).toBeGreaterThan(1600);
      const { stdout } = await runCommand([run, CORPORA], { program: AGREEMENT });
      process.stdout.write(`${stdout}\n`);
      const all = /^all .* ([\d.]+)%$/m.exec(stdout)?.[1];
      // Chance is 50%; the figure itself is printed above.
      expect(Number(all)).toBeGreaterThan(75);
    });
  },
);
