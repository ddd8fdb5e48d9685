import { existsSync, readdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { readYaml } from '../yaml.ts';

/** One line of the job script: nothing in it may begin another line. */
const Line = z
  .string()
  .min(1)
  .regex(/^[^\r\n]*$/, 'it must be one line');
/** What stands behind a flag of sbatch. */
const Word = Line.regex(/^[^\s"'#]+$/, 'it must be one word without quotes');
/** Stands between double quotes in the script: variables are filled in. */
const Path = Line.regex(/^[^"`\\]*$/, 'no quotes or backslashes');
const VariableName = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, {
  message: 'it must be the name of an environment variable, never its value',
});

/** What is to be known of a Slurm cluster: configs/clusters/NAME.yaml, or the user's own file. */
export const Cluster = z
  .strictObject({
    partition: Word.optional().describe("Slurm's own default unless given"),
    account: Word.optional(),
    qos: Word.optional(),
    gpus_per_node: z.number().int().min(0).default(0),
    gpu_type: Word.optional().describe('As in gres: gpu:TYPE:N'),
    gpu_memory_gb: z
      .number()
      .positive()
      .optional()
      .describe('Memory of one GPU, for estimates before a job is submitted'),
    cpus_per_node: z.number().int().positive().optional(),
    memory: z
      .string()
      .regex(/^\d+[KMGT]?$/, 'a number of megabytes, or with K, M, G or T behind it; 0 is all')
      .optional(),
    time_limit: z
      .string()
      .regex(
        /^(\d+|\d+:\d\d(:\d\d)?|\d+-\d+(:\d\d){0,2})$/,
        'minutes, hours:mm:ss or days-hours:mm:ss',
      )
      .optional(),
    modules: z.array(Word).default([]).describe('For `module load`'),
    setup: z.array(Line).default([]).describe('Lines of bash before the command'),
    venv: Path.optional().describe('Python environment to activate, as seen from the nodes'),
    container: Line.optional().describe(
      'What the command is put behind, such as `apptainer exec --nv IMAGE`',
    ),
    environment: z
      .record(VariableName, Line)
      .default({})
      .describe('Settings that may stand in the script: no keys'),
    pass_environment: z
      .array(VariableName)
      .default([])
      .describe('Variables whose values the job takes from where it is submitted'),
    scratch: Path.optional().describe(
      'Fast folder of a node, may hold variables such as $SLURM_JOB_ID',
    ),
    requeue: z.boolean().default(true).describe('Put back into the queue when preempted'),
    signal_before_s: z
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(120)
      .describe('Seconds before the time limit at which the command is asked to save; 0 never'),
    sbatch_lines: z
      .array(Line.regex(/^--/, 'it must begin with --'))
      .default([])
      .describe('More of what sbatch knows, such as --constraint=a100'),
  })
  .refine(({ venv, container }) => venv === undefined || container === undefined, {
    message: 'give venv or container, not both: the container brings its own Python',
  });
export type Cluster = z.infer<typeof Cluster>;

/** A cluster under the name of its file. */
export type NamedCluster = Cluster & { name: string; file: string };

/**
 * Reads a cluster file: a path, or the name of one in ./configs/clusters or of a shipped one.
 * @throws UsageError with the known names, or with the file's line and key
 */
export async function readCluster(nameOrPath: string): Promise<NamedCluster> {
  const folders = [join('configs', 'clusters'), join(packageRoot(), 'configs', 'clusters')];
  const isPath = nameOrPath.includes('/') || /\.ya?ml$/.test(nameOrPath);
  const candidates = isPath
    ? [nameOrPath]
    : folders.map((folder) => join(folder, `${nameOrPath}.yaml`));
  const file = candidates.find((path) => existsSync(path));
  if (file === undefined) throw unknown(nameOrPath, isPath, folders);
  const cluster = await readYaml(file, Cluster);
  return { ...cluster, name: basename(file).replace(/\.ya?ml$/, ''), file };
}

function unknown(nameOrPath: string, isPath: boolean, folders: readonly string[]): UsageError {
  if (isPath) return new UsageError(`--cluster ${nameOrPath}: there is no such file`);
  const names = folders.flatMap((folder) => (existsSync(folder) ? readdirSync(folder) : []));
  const known = [...new Set(names.map((name) => name.replace(/\.yaml$/, '')))].sort();
  return new UsageError(
    `--cluster ${nameOrPath}: there is no such cluster; known are ${known.join(', ')}, or give a path to a YAML file (configs/clusters/example.yaml explains the keys)`,
  );
}
