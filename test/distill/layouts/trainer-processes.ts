import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ExecaError, execa } from 'execa';
import { pythonEnv } from '../../../core/launch/python.ts';

const ROOT = join(import.meta.dirname, '..', '..', '..');
const LOADERS = join(import.meta.dirname, 'loaders');
const NO_SUCH_PYTHON = 3;

/** The scripts of loaders/ in the trainers' own environments, with all caches below a folder. */
export class TrainerProcesses {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Installs an environment; false when this machine has no Python that it could run on. */
  async install(name: string): Promise<boolean> {
    try {
      await execa(join(ROOT, 'scripts', 'python-env'), [name]);
      return true;
    } catch (error) {
      if (error instanceof ExecaError && error.exitCode === NO_SUCH_PYTHON) return false;
      throw error;
    }
  }

  /** Runs a script of loaders/; throws with the end of its output when it fails. */
  async run(environment: string, script: string, args: readonly unknown[]): Promise<void> {
    const python = await pythonEnv(environment, ROOT);
    await this.program(python, [join(LOADERS, script), ...args.map(argument)]);
  }

  /** Runs a program of an environment in a folder below this one. */
  async program(path: string, args: readonly string[], cwd = this.#folder): Promise<void> {
    const { failed, all } = await execa(path, args, {
      env: this.#environment(),
      cwd,
      all: true,
      reject: false,
    });
    if (failed) throw new Error(`${path} ${args[0]} failed:\n${all.slice(-3000)}`);
  }

  #environment(): Record<string, string> {
    return {
      HF_HUB_OFFLINE: '1',
      HF_HOME: join(this.#folder, 'hf'),
      MODELSCOPE_CACHE: join(this.#folder, 'modelscope'),
      OMP_NUM_THREADS: '1',
      CUDA_VISIBLE_DEVICES: '',
      // axolotl reports its use to a server.
      AXOLOTL_DO_NOT_TRACK: '1',
    };
  }
}

/** What a script wrote. */
export async function readAnswer(path: string): Promise<unknown> {
  return JSON.parse(await readFile(path, 'utf8'));
}

function argument(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
