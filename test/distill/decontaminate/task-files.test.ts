import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../core/package-root.ts';
import { readBenchmark } from '../../../distill/decontaminate/benchmark.ts';
import { createDecontaminator } from '../../../distill/decontaminate/decontaminator.ts';
import { DecontaminationRules } from '../../../distill/decontaminate/rules.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

async function fileOf(name: string, text: string): Promise<string> {
  const path = join(await temporaryFolder(), name);
  await writeFile(path, text);
  return path;
}

describe('files as the benchmarks install them', () => {
  it('of BFCL give the turns of its users', async () => {
    const turn = (...contents: string[]) => contents.map((content) => ({ role: 'user', content }));
    const tasks = [
      { id: 'boat_0', question: [turn('Moor the boat.'), turn('Now pay the quay.')] },
      { id: 'boat_1', question: [[{ role: 'system', content: 'You moor.' }, ...turn('Sail.')]] },
    ];
    const path = await fileOf('BFCL_v9.json', tasks.map((task) => JSON.stringify(task)).join('\n'));
    expect((await readBenchmark([path])).items).toEqual([
      { id: 'boat_0/turn0', kind: 'user_message', text: 'Moor the boat.' },
      { id: 'boat_0/turn1', kind: 'user_message', text: 'Now pay the quay.' },
      { id: 'boat_1/turn0', kind: 'user_message', text: 'Sail.' },
    ]);
  });

  it('of BFCL give its functions, named by their file', async () => {
    const parameters = { type: 'dict', properties: {}, required: [] };
    const tool = { name: 'moor', description: 'Moors a boat.', parameters };
    const path = await fileOf('harbour.json', `${JSON.stringify(tool)}\n`);
    expect((await readBenchmark([path])).tools).toEqual([
      { group: 'harbour.json', name: 'moor', description: 'Moors a boat.' },
    ]);
  });

  it('of tau2 give what the user wants and the identifiers of the calls that solve it', async () => {
    const instructions = {
      reason_for_call: 'Cancel my berth.',
      known_info: null,
      domain: 'harbour',
    };
    const action = { name: 'cancel', arguments: { ids: ['BERTH_99_X'], note: 'two words' } };
    const task = {
      id: '7',
      user_scenario: { persona: null, instructions },
      evaluation_criteria: { actions: [action] },
    };
    const path = await fileOf('tasks.json', JSON.stringify([task]));
    const { items, identifiers } = await readBenchmark([path]);
    expect(items).toEqual([{ id: '7', kind: 'scenario', text: 'Cancel my berth.\nharbour' }]);
    expect(identifiers).toEqual([{ id: '7', text: 'BERTH_99_X' }]);
  });

  const data = join(packageRoot(), '.venvs', 'bfcl', 'lib', 'python3.11', 'site-packages');
  const installed = join(data, 'bfcl_eval', 'data', 'BFCL_v4_multi_turn_base.json');
  it.skipIf(!existsSync(installed))(
    'are those of the installed bfcl-eval (skipped where .venvs/bfcl is absent)',
    async () => {
      const rules = DecontaminationRules.parse({});
      const { hits } = await createDecontaminator([installed], rules);
      const [first] = (await readBenchmark([installed])).items;
      const messages = [{ role: 'user' as const, content: first?.text ?? '' }];
      expect(hits({ messages, tools: [] })).toContainEqual(
        expect.objectContaining({ kind: 'ngram13', drop: true, item: first?.id }),
      );
    },
  );
});
