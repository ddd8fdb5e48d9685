import type { NamedCluster } from '../../core/launch/cluster.ts';
import { submitJob } from '../../core/launch/slurm-client.ts';
import { terminal } from '../../core/terminal.ts';
import { writeTrainManifest } from '../manifest.ts';
import type { Training } from '../training.ts';
import { beginTraining } from './begin.ts';
import { prepareOut } from './prepare.ts';
import { trainingJob } from './slurm-job.ts';

/**
 * Submits a training as a job and returns; `gem-traj train status OUT` follows it.
 * @throws UsageError when Slurm is not here, does not answer or refuses the job
 */
export async function submitTraining(training: Training, cluster: NamedCluster): Promise<void> {
  const { out } = training.place;
  const { id, script } = await beginTraining(training, async (manifest) => {
    await prepareOut(training);
    const job = trainingJob(training, cluster);
    const submitted = await submitJob(job);
    const place = {
      on: 'slurm' as const,
      cluster: cluster.name,
      job: submitted.id,
      name: job.name,
    };
    await writeTrainManifest(out, { ...manifest, place });
    return submitted;
  });
  if (training.asJson) terminal.print(JSON.stringify({ event: 'submitted', job: id, script }));
  else
    terminal.print(
      `job ${id} is submitted (${script})\nhow it stands: gem-traj train status ${out} --follow\nend it: gem-traj train cancel ${out}`,
    );
}
