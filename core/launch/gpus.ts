import { execa } from 'execa';

/** The memory of each NVIDIA GPU of this machine in GB (10^9 bytes); none where nvidia-smi is not or finds none. */
export async function localGpus(): Promise<number[]> {
  const args = ['--query-gpu=memory.total', '--format=csv,noheader,nounits'];
  const { exitCode, stdout } = await execa('nvidia-smi', args, { reject: false, timeout: 30_000 });
  if (exitCode !== 0) return [];
  const mebibytes = stdout.split('\n').map(Number);
  return mebibytes.filter((size) => size > 0).map((size) => (size * 2 ** 20) / 1e9);
}
