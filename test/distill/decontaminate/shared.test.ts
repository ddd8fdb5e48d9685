import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { Conversation } from '../../../core/conversation.ts';
import { packageRoot } from '../../../core/package-root.ts';
import { Trajectory } from '../../../core/trajectory.ts';
import { createDecontaminator } from '../../../distill/decontaminate/decontaminator.ts';
import type { Subject } from '../../../distill/decontaminate/hit.ts';
import { DecontaminationRules } from '../../../distill/decontaminate/rules.ts';
import { runCommand } from '../../helpers/command.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

const SHARED = join(packageRoot(), '..', 'shared');
const BENCHMARKS = join(packageRoot(), 'configs', 'benchmarks');
const rules = DecontaminationRules.parse({});

function rowsOf<T>(path: string, schema: z.ZodType<T>): T[] {
  const lines = readFileSync(path, 'utf8').trim().split('\n');
  return lines.map((line) => schema.parse(JSON.parse(line)));
}

function shared(folder: string, name: string): string {
  return join(SHARED, folder, `${name}.jsonl`);
}

/** How many rows are dropped for each benchmark. */
async function droppedOf(rows: readonly Subject[]): Promise<{ bfcl: number; tau2: number }> {
  const { hits } = await createDecontaminator(['bfcl', 'tau2'], rules);
  const names = rows.map((row) => hits(row).flatMap((hit) => (hit.drop ? [hit.benchmark] : [])));
  const count = (name: string) => names.filter((own) => own.includes(name)).length;
  return { bfcl: count('bfcl'), tau2: count('tau2') };
}

// Real conversations and texts by others lie beside the project, never in it.
describe.skipIf(!existsSync(SHARED))('with ../shared (skipped: it is absent)', () => {
  it('every row of bfcl_gt is dropped for bfcl, none for tau2', async () => {
    const rows = rowsOf(shared('trajectories', 'bfcl_gt'), Conversation);
    expect(await droppedOf(rows)).toEqual({ bfcl: rows.length, tau2: 0 });
  });

  it.each(['tau1_gpt4o_airline', 'tau2_results', 'tau2_sft_small'])(
    'every row of %s is dropped for tau2, by its tools alone too; none for bfcl',
    async (name) => {
      const rows = rowsOf(shared('trajectories', name), Conversation);
      const all = { bfcl: 0, tau2: rows.length };
      expect(await droppedOf(rows)).toEqual(all);
      expect(await droppedOf(rows.map(({ tools }) => ({ messages: [], tools })))).toEqual(all);
      const spoken = rows.map(({ messages }) => ({
        messages: messages.filter(({ role }) => role !== 'system'),
        tools: [],
      }));
      const { bfcl, tau2 } = await droppedOf(spoken);
      expect(bfcl).toBe(0);
      // Some conversations end before an identifier is named.
      expect(tau2 / rows.length).toBeGreaterThan(0.9);
    },
  );

  it('every passage of the policies is dropped for tau2, none of the other corpora', async () => {
    const Text = z.object({ text: z.string() });
    const passages = (name: string): Subject[] =>
      rowsOf(shared('corpora', name), Text).map((source) => ({ messages: [], tools: [], source }));
    const policies = passages('tau2_policies');
    expect(await droppedOf(policies)).toEqual({ bfcl: 0, tau2: policies.length });
    const others = [
      'cooking',
      'gnome_user_docs',
      'us_gov_procedures',
      'libreoffice_help',
      'nonprocedural',
    ];
    expect(await droppedOf(others.flatMap(passages))).toEqual({ bfcl: 0, tau2: 0 });
  });

  it('trajectories made from other text are kept', { timeout: 120_000 }, async () => {
    const run = join(await temporaryFolder(), 'run');
    const corpora = ['cooking', 'us_gov_procedures'];
    const inputs = [
      join(packageRoot(), 'synth', 'sample', 'corpus.jsonl'),
      ...corpora.map((name) => shared('corpora', name)),
    ];
    const args = ['synth', '--offline', '--limit', '200', '--input', ...inputs, '--run', run];
    const result = await runCommand(args, { timeout: 100_000 });
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    const rows = rowsOf(join(run, 'trajectories.jsonl'), Trajectory);
    expect(rows.length).toBeGreaterThan(100);
    const { bfcl, tau2 } = await droppedOf(rows);
    expect(bfcl / rows.length).toBeLessThanOrEqual(0.01);
    expect(tau2 / rows.length).toBeLessThanOrEqual(0.01);
  });

  it.each([
    ['bfcl', [shared('benchmarks', 'bfcl_multi_turn')]],
    ['tau2', [shared('benchmarks', 'tau2'), shared('corpora', 'tau2_policies')]],
  ])('the shipped hashes of %s are those that the script makes', async (name, input) => {
    const shipped = readHashes(join(BENCHMARKS, `${name}.json.gz`));
    const out = join(await temporaryFolder(), 'again.json.gz');
    const { name: title, version, licence, attribution } = shipped;
    const about = ['--name', title, '--source-version', version, '--licence', licence];
    const program = join(packageRoot(), 'scripts', 'make-benchmark-hashes.ts');
    const args = ['--input', ...input, '--out', out, ...about, '--attribution', attribution];
    const result = await runCommand(args, { program });
    expect(result, result.stderr).toMatchObject({ exitCode: 0 });
    expect(readHashes(out)).toEqual(shipped);
  });
});

const Head = z.looseObject({
  name: z.string(),
  version: z.string(),
  licence: z.string(),
  attribution: z.string(),
});

function readHashes(path: string): z.infer<typeof Head> {
  return Head.parse(JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')));
}
