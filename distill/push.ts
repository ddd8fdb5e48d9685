import { execa } from 'execa';
import { errorCode, UsageError } from '../core/errors.ts';

/** The command that uploads a dataset's folder to the hub, as it is run and as it is shown. */
export function pushCommand(folder: string, repo: string): [string, ...string[]] {
  return ['hf', 'upload', repo, folder, '.', '--repo-type', 'dataset'];
}

/** A command line that a shell takes. */
export function shellLine(argv: readonly string[]): string {
  return argv
    .map((word) => (/^[\w./:@=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`))
    .join(' ');
}

/**
 * Uploads a dataset with the user's own `hf`, which knows the user's token; what it prints is passed on.
 * @throws UsageError when there is no `hf` on PATH, or it fails
 */
export async function push(folder: string, repo: string): Promise<void> {
  const [program, ...args] = pushCommand(folder, repo);
  try {
    await execa(program, args, { stdio: 'inherit' });
  } catch (cause) {
    throw new UsageError(
      errorCode(cause) === 'ENOENT'
        ? 'there is no `hf` on PATH: `pip install huggingface_hub` brings it, `hf auth login` logs in; the dataset is whole, nothing was uploaded'
        : 'the upload failed; the dataset itself is whole, and the same command tries again',
      { cause },
    );
  }
}
