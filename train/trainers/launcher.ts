import { join } from 'node:path';
import type { BashWord } from '../../core/launch/bash-words.ts';
import type { Recipe, TrainerName } from '../recipe.ts';
import { pathsIn, runTrainer, settingsFile } from './places.ts';
import type { Place } from './plan.ts';
import { ACCELERATE_FSDP2 } from './sharding.ts';

/**
 * The command that starts a trainer's processes on one node. On a GPU there is always a launcher: a lone process that
 * sees several GPUs would split its batch among them.
 */
export function launcherArgv(trainer: TrainerName, recipe: Recipe, place: Place): BashWord[] {
  const script = runTrainer(trainer, place);
  const isAlone = recipe.device === 'cpu' && recipe.gpus * recipe.nodes === 1;
  const { passInterrupt, stop } = pathsIn(place.out);
  const outer = [place.python, passInterrupt, stop, place.python];
  if (isAlone) return [...outer, ...script];
  const byAccelerate =
    recipe.sharding === 'fsdp2' && (trainer === 'trl' || trainer === 'llamafactory');
  const launcher = byAccelerate ? accelerate(recipe, place) : torchrun(recipe);
  return [...outer, ...launcher, ...script];
}

/** What all trainers' processes are told by their environment. */
export function launcherEnv(recipe: Recipe, place: Place): Record<string, string> {
  return {
    // torchrun leaves those signals alone that pass_interrupt.py has.
    ...(place.on === 'slurm'
      ? { GEM_TRAJ_SAVE_ON_TERM: '1', PET_SIGNALS_TO_HANDLE: 'SIGHUP,SIGQUIT' }
      : { PET_SIGNALS_TO_HANDLE: 'SIGTERM,SIGHUP,SIGQUIT' }),
    TOKENIZERS_PARALLELISM: 'false',
    // In a cache that is shared, `datasets` takes two folders of one name and one README for the same rows.
    HF_DATASETS_CACHE: pathsIn(place.out).cache,
    ...(place.model.isFolder ? { HF_HUB_OFFLINE: '1' } : {}),
    ...(recipe.device === 'cpu'
      ? { CUDA_VISIBLE_DEVICES: '' }
      : { PYTORCH_CUDA_ALLOC_CONF: 'expandable_segments:True' }),
  };
}

function torchrun({ nodes, gpus }: Recipe): BashWord[] {
  const module = ['-m', 'torch.distributed.run', '--nproc_per_node', String(gpus)];
  if (nodes === 1) return [...module, '--standalone'];
  return [
    ...module,
    '--nnodes',
    String(nodes),
    '--node_rank',
    { bash: '"$NODE_RANK"' },
    '--master_addr',
    { bash: '"$MASTER_ADDR"' },
    '--master_port',
    { bash: '"$MASTER_PORT"' },
  ];
}

function accelerate({ nodes, gpus }: Recipe, { out }: Place): BashWord[] {
  const settings = join(out, settingsFile(ACCELERATE_FSDP2));
  const module = ['-m', 'accelerate.commands.launch', '--config_file', settings];
  const size = ['--num_machines', String(nodes), '--num_processes', String(nodes * gpus)];
  // Port 0: a free one.
  if (nodes === 1) return [...module, ...size, '--main_process_port', '0'];
  return [
    ...module,
    ...size,
    '--machine_rank',
    { bash: '"$NODE_RANK"' },
    '--main_process_ip',
    { bash: '"$MASTER_ADDR"' },
    '--main_process_port',
    { bash: '"$MASTER_PORT"' },
  ];
}
