import { readFile, realpath } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { defineCommand } from '../../core/command.ts';
import { runFolder } from '../../core/run/run-name.ts';
import { terminal } from '../../core/terminal.ts';
import { type FoundFolders, findFolders } from '../run-report/experiment/find-folders.ts';
import { measureExperiment } from '../run-report/experiment/measure-experiment.ts';
import { writeExperiment } from '../run-report/experiment/write-experiment.ts';
import { writeRunReport } from '../run-report/write.ts';

/** `gem-traj report RUN|DIR...`: what runs, trainings, datasets and benchmarks came to, as one page. */
export const reportCommand = defineCommand({
  command: 'report <names..>',
  describe:
    'What runs made, turned down and cost, and the whole experiment around them: report.html, report.md, report.json',
  builder: (yargs) =>
    yargs
      .positional('names', {
        type: 'string',
        array: true,
        demandOption: true,
        describe:
          'Runs (names or folders), folders of train, distill, eval bfcl, eval tau2 and eval compare, and folders that hold such folders',
      })
      .option('out', {
        type: 'string',
        describe: 'Folder of the report',
        defaultDescription: 'the one folder that is named, or runs/report',
      })
      .option('json', {
        type: 'boolean',
        default: false,
        describe: 'Print report.json instead of the paths',
      }),
  handler: async ({ names, out, json }) => {
    const paths = await write(names, await findFolders(names), out);
    if (!json) {
      for (const path of paths) terminal.print(path);
      return;
    }
    const data = paths.find((path) => path.endsWith('.json'));
    if (data !== undefined) terminal.print((await readFile(data, 'utf8')).trimEnd());
  },
});

async function write(
  names: readonly string[],
  found: FoundFolders,
  given: string | undefined,
): Promise<string[]> {
  const isOne = names.length === 1;
  const [first, ...others] = found.folders;
  if (isOne && others.length === 0 && first?.kind === 'run' && first.folder === found.root)
    return writeRunReport(first.folder, given);
  for (const note of found.notes) terminal.note(note);
  const name = isOne ? basename(await realpath(found.root)) : titleOf(names);
  const report = await measureExperiment(found, { name, onStep: terminal.note });
  return writeExperiment(given ?? (isOne ? found.root : runFolder('report')), report);
}

const MOST_NAMED = 4;

function titleOf(names: readonly string[]): string {
  const short = names.map((name) => basename(resolve(name)));
  const more = short.length - MOST_NAMED;
  return `${short.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
