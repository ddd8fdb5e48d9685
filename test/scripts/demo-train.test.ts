import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { execa } from 'execa';
import { expect, it } from 'vitest';
import { z } from 'zod';
import { readJsonl } from '../../core/jsonl-read.ts';
import { packageRoot } from '../../core/package-root.ts';
import { readManifest } from '../../core/run/manifest.ts';
import { Outcome } from '../../scripts/demo-train/outcome.ts';
import { requireTraining } from '../../train/manifest.ts';
import { temporaryFolder } from '../helpers/temporary.ts';

/** Minutes on two idle cores; beside other work several times that, and on a fresh machine torch is installed twice. */
const DEMO_MS = 2_400_000;

const Row = z.object({ source_id: z.string() });

it('goes from text to a trained, served and compared synthesizer, and on from where it was killed', {
  timeout: DEMO_MS,
}, async () => {
  const work = await temporaryFolder();
  const below = (...names: string[]) => join(work, ...names);

  const first = startDemo(work);
  await first.until(() => existsSync(below('served', 'smollm2.yaml')));
  first.killAll();
  await first.ended;
  const trained = await requireTraining(below('training'));
  expect(trained).toMatchObject({ state: 'finished', steps: { done: 3 } });
  expect(existsSync(join(trained.result ?? '', 'adapter_model.safetensors'))).toBe(true);

  const again = startDemo(work);
  const { exitCode, stdout, stderr } = await again.ended;
  expect(exitCode, stderr.slice(-3000)).toBe(0);
  expect(stdout).toMatch(/^\[4\/8\] .*\nit is done already$/m);
  expect(stdout).not.toContain('gem-traj.ts train');
  expect(await requireTraining(below('training'))).toEqual(trained);

  // Nothing of a document that was held out was learned from.
  const learned = await idsIn(below('dataset', 'trl', 'train.jsonl'), Row, (row) => row.source_id);
  const documents = [...heldOutDocuments(stdout)];
  expect(learned.length).toBeGreaterThan(3);
  expect(documents).toHaveLength(10);
  expect(learned.filter((id) => documents.some((one) => id.startsWith(one)))).toEqual([]);

  // Each passage that the pipeline has a trajectory of got one answer, with an ending that says why.
  const outcome = Outcome.parse(JSON.parse(await readFile(below('outcome.json'), 'utf8')));
  const tried = outcome.endings.map(({ passage }) => passage).sort();
  expect(await readManifest(below('held-out-synthesizer'))).toMatchObject({ state: 'finished' });
  const Source = z.object({ source: z.object({ id: z.string() }) });
  const byPipeline = below('held-out-pipeline', 'trajectories.jsonl');
  expect(tried).toEqual((await idsIn(byPipeline, Source, ({ source }) => source.id)).sort());
  for (const { is_accepted, reasons } of outcome.endings)
    expect(is_accepted || reasons.length > 0).toBe(true);
  expect(stdout).toContain(`the synthesizer's answers for passages that it never saw`);
  expect(stdout).toMatch(/the aim is 50% past the structural checks: (not )?reached, \d+%/);

  const report = await readFile(below('report.html'), 'utf8');
  for (const part of ['held-out-pipeline', 'held-out-synthesizer', 'synthesizer-smollm2-135m'])
    expect(report).toContain(part);
  expect(await readFile(below('comparison', 'compare.md'), 'utf8')).toContain(
    'held-out-synthesizer',
  );
});

/** `scripts/demo --train --quick` in a group of its own. */
function startDemo(work: string) {
  const demo = execa(
    join(packageRoot(), 'scripts', 'demo'),
    ['--train', '--quick', '--out', work],
    { detached: true, reject: false, timeout: DEMO_MS },
  );
  const { pid } = demo;
  if (pid === undefined) throw new Error('the demo could not be started');
  let isOver = false;
  const ended = demo.finally(() => {
    isOver = true;
  });
  return {
    ended,
    killAll: () => process.kill(-pid, 'SIGKILL'),
    until: async (test: () => boolean) => {
      while (!test()) {
        if (isOver) throw new Error(`the demo ended before:\n${(await demo).stderr.slice(-3000)}`);
        await sleep(100);
      }
    },
  };
}

/** The documents that the demo says it holds out. */
function heldOutDocuments(stdout: string): string[] {
  return /held out:\n {2}(.*)$/m.exec(stdout)?.[1]?.split(', ') ?? [];
}

async function idsIn<T>(
  path: string,
  schema: z.ZodType<T>,
  id: (row: T) => string,
): Promise<string[]> {
  const ids: string[] = [];
  for await (const { value } of readJsonl(path)) ids.push(id(schema.parse(value)));
  return ids;
}
