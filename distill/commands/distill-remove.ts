import type { Argv } from 'yargs';
import { defineCommand } from '../../core/command.ts';
import { terminal } from '../../core/terminal.ts';
import { removeSources } from '../remove.ts';

/** `gem-traj distill remove DIR --source ID`: a document leaves a dataset. */
export const removeCommand = defineCommand({
  command: 'remove <dir>',
  describe: 'Take documents out of a dataset again',
  builder: removeOptions,
  handler: async ({ dir, source, json }) => {
    const removed = await removeSources(dir, source);
    if (json) {
      for (const row of removed) terminal.print(JSON.stringify(row));
      return;
    }
    for (const { id, passage_id, split } of removed)
      terminal.print(`${id}  ${split}  ${passage_id}`);
    const rows = `${removed.length} ${removed.length === 1 ? 'row' : 'rows'}`;
    terminal.print(
      `${rows} taken out of ${dir}; removals.jsonl keeps which, rules.yaml refuses the source`,
    );
  },
});

function removeOptions(yargs: Argv) {
  return yargs
    .positional('dir', { type: 'string', demandOption: true, describe: 'Folder of the dataset' })
    .option('source', {
      type: 'string',
      array: true,
      demandOption: true,
      describe: 'Ids of documents, or of single passages',
    })
    .option('json', { type: 'boolean', default: false, describe: 'One line of JSON a row' });
}
