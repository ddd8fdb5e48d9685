import { join } from 'node:path';
import type { TrainerName } from '../recipe.ts';
import type { Place, TrainerPlan } from './plan.ts';

/** Where the parts of a training lie in OUT. */
export function pathsIn(out: string) {
  return {
    checkpoints: join(out, 'checkpoints'),
    progress: join(out, 'progress.jsonl'),
    stop: join(out, 'stop'),
    runTrainer: join(out, 'trainer', 'run_trainer.py'),
    passInterrupt: join(out, 'trainer', 'pass_interrupt.py'),
    model: join(out, 'model'),
    /** What `datasets` and axolotl have made of the rows. */
    cache: join(out, 'cache'),
    prepared: join(out, 'prepared'),
    log: join(out, 'train.log'),
  };
}

/** A file of a trainer's settings, relative to OUT. */
export function settingsFile(name: string): string {
  return join('trainer', name);
}

/** The arguments of run_trainer.py. */
export function runTrainer(trainer: TrainerName, { out, on }: Place): string[] {
  const { runTrainer, progress, stop, checkpoints } = pathsIn(out);
  const settings = join(out, settingsFile(`${trainer}.yaml`));
  const words = [runTrainer, trainer, settings, '--progress', progress, '--stop', stop];
  // A job that Slurm puts back into the queue starts by the same command.
  return on === 'slurm' ? [...words, '--go-on-in', checkpoints] : words;
}

/** The file in which a trainer writes down its progress; TRL and axolotl say it through run_trainer.py only. */
export function progressFile(trainer: TrainerName, out: string): TrainerPlan['progress'] {
  const { checkpoints, progress } = pathsIn(out);
  if (trainer === 'llamafactory')
    return { path: join(checkpoints, 'trainer_log.jsonl'), form: 'llamafactory' };
  if (trainer === 'swift') return { path: join(checkpoints, 'logging.jsonl'), form: 'swift' };
  return { path: progress, form: 'callback' };
}
