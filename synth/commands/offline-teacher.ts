import type { Argv } from 'yargs';
import { z } from 'zod';
import { defineCommand, flagValue } from '../../core/command.ts';
import { errorCode, UsageError } from '../../core/errors.ts';
import { OFFLINE_MODEL, startOfflineTeacher } from '../offline/server.ts';
import { SIZES } from '../offline/size.ts';
import { SHARE } from './options.ts';

/** `gem-traj offline-teacher`: the built-in teacher as a server of its own, until SIGINT or SIGTERM. */
export const offlineTeacherCommand = defineCommand({
  command: 'offline-teacher',
  describe: 'Serve the built-in teacher, which works by rules, to OpenAI clients on this machine',
  builder: offlineTeacherOptions,
  handler: async ({ port, size, defectRate, seed }) => {
    const options = {
      port: flagValue('port', z.number().int().min(0).max(65_535), port),
      size,
      defectRate: flagValue('defect-rate', SHARE, defectRate),
      seed,
    };
    const teacher = await startOfflineTeacher(options).catch((error: unknown) => {
      throw errorCode(error) === 'EADDRINUSE' ? portInUse(port) : error;
    });
    process.stdout.write(
      `offline teacher (model ${OFFLINE_MODEL}, ${size}) at ${teacher.url}; Ctrl-C ends it\n`,
    );
    await signalled();
    await teacher.close();
  },
});

function portInUse(port: number): UsageError {
  return new UsageError(`--port ${port} is in use; give another, or 0 for a free one`);
}

function offlineTeacherOptions(yargs: Argv) {
  return yargs
    .option('port', {
      type: 'number',
      demandOption: true,
      describe: 'Port on 127.0.0.1; 0 takes a free one',
    })
    .option('size', {
      choices: SIZES,
      default: 'compact' as const,
      describe: 'Length of the dialogues',
    })
    .option('defect-rate', {
      type: 'number',
      default: 0,
      describe: 'Share of the answers with a planted defect',
    })
    .option('seed', { type: 'number', default: 1, describe: 'Seed of all choices' });
}

function signalled(): Promise<void> {
  return new Promise((resolve) => {
    process.once('SIGINT', () => resolve());
    process.once('SIGTERM', () => resolve());
  });
}
