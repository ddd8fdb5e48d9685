import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readCluster } from '../../../core/launch/cluster.ts';
import { temporaryFolder } from '../../helpers/temporary.ts';

describe('a cluster file', () => {
  it('is found by its name among those that are shipped', async () => {
    expect(await readCluster('example')).toMatchObject({
      name: 'example',
      partition: 'gpu',
      gpus_per_node: 4,
      requeue: true,
      signal_before_s: 300,
    });
    expect(await readCluster('loopback')).toMatchObject({ partition: 'low', gpus_per_node: 0 });
  });

  it('is found by its path, and has defaults', async () => {
    const file = join(await temporaryFolder(), 'mine.yaml');
    await writeFile(file, 'account: abc\n');
    expect(await readCluster(file)).toEqual({
      name: 'mine',
      file,
      account: 'abc',
      gpus_per_node: 0,
      modules: [],
      setup: [],
      environment: {},
      pass_environment: [],
      requeue: true,
      signal_before_s: 120,
      sbatch_lines: [],
    });
  });

  it('that is not there is answered with those that are', async () => {
    await expect(readCluster('nowhere')).rejects.toThrow(
      /--cluster nowhere: there is no such cluster; known are example, loopback, or give a path/,
    );
    await expect(readCluster('./nowhere.yaml')).rejects.toThrow(
      '--cluster ./nowhere.yaml: there is no such file',
    );
  });

  it.each([
    ['partition: "gpu\\n#SBATCH --uid=0"', /line 1: partition: .*one (line|word)/],
    ['pass_environment: ["KEY=secret"]', /pass_environment.0: .*never its value/],
    ['time_limit: soon', /time_limit: minutes, hours:mm:ss or days-hours:mm:ss; it is "soon"/],
    ['venv: a\ncontainer: b', /give venv or container, not both/],
    ['gpus: 4', /unknown key "gpus"; known are partition, account/],
    ['sbatch_lines: [constraint=a100]', /sbatch_lines.0: it must begin with --/],
  ])('with %j is refused', async (text, message) => {
    const file = join(await temporaryFolder(), 'wrong.yaml');
    await writeFile(file, `${text}\n`);
    await expect(readCluster(file)).rejects.toThrow(message);
  });
});
