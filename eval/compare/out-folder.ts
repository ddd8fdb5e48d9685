import { mkdir } from 'node:fs/promises';
import { errorMessage, UsageError } from '../../core/errors.ts';

/** Makes the folder that --out names, where it is not there. @throws UsageError where it cannot be made */
export async function makeOutFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((cause: unknown) => {
    throw new UsageError(`--out ${folder} cannot be made: ${errorMessage(cause)}`, { cause });
  });
}
