import { existsSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../core/package-root.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { Ablation } from '../../eval/ablate/ablation.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

const program = join(packageRoot(), 'scripts', 'reproduce-paper');

/** Some four minutes of processor time in some twenty processes: left to whoever changes the script. */
const LONG = process.env.GEM_TRAJ_LONG === '1';

/**
 * The whole way, with real trainings and a real server, of one agent. BFCL and tau2 are left out: their harnesses alone
 * take minutes, and have tests of their own.
 */
describe.skipIf(!LONG)(
  'scripts/reproduce-paper --toy (GEM_TRAJ_LONG=1)',
  { timeout: 1_800_000 },
  () => {
    it('makes, trains, serves, ablates and reports, and does none of it twice', async () => {
      const folder = await temporaryFolder();
      const env = { BENCHMARKS: '0', AGENTS: 'gem', ABLATED: '8', OPENAI_BASE_URL: undefined };
      const run = () => execa(program, ['--toy', '--out', 'toy'], { cwd: folder, env, all: true });
      const first = await run();
      expect(first.all).not.toContain('done before');

      const toy = join(folder, 'toy');
      const manifestOf = (name: string) => readManifest(join(toy, 'runs', name));
      const gem = await manifestOf('gem');
      expect(gem).toMatchObject({ state: 'finished', offline: true });
      expect(gem?.funnel.accepted).toBeGreaterThan(0);
      // Without the judge nothing is left to ask that the merged shards have not asked.
      expect((await manifestOf('no-judge'))?.total.requests).toBe(0);
      // The random synthesizer's own rows: none, and the pipeline took over.
      const synthesized = await manifestOf('synthesizer-wikihow');
      expect(synthesized?.funnel.synthesized).toBe(0);
      expect(synthesized?.funnel.fallback_passed).toBe(synthesized?.funnel.accepted);
      const text = await readFile(join(toy, 'runs', 'ablation', 'ablation.json'), 'utf8');
      const ablation = Ablation.parse(JSON.parse(text));
      expect(ablation.complete).toBe(true);
      expect(ablation.runs.map(({ variant }) => variant)).toContain('synthesizer');
      for (const training of ['synthesizer', 'gem-8b'])
        expect(existsSync(join(toy, 'trainings', training, 'checkpoints', 'config.json'))).toBe(
          true,
        );
      const page = await readFile(join(toy, 'report', 'report.html'), 'utf8');
      expect(page).toContain('no measure of quality');

      // A step whose mark is gone is done again: its parts say that they are there.
      await rm(join(toy, 'marks', 'agents'));
      const second = await run();
      expect(second.all.match(/^== /gm)).toEqual(['== ']);
      expect(second.all).toContain('This dataset is there already');
      expect(await readdir(join(toy, 'marks'))).toHaveLength(6);
    });
  },
);
