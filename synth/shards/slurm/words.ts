/** Flags of `synth --on slurm` that are not for the shards, with their values. */
const OWN_FLAGS = new Set([
  '--on',
  '--shards',
  '--cluster',
  '--gpus',
  '--at-once',
  '--atOnce',
  '--shard',
]);
const OWN_SWITCHES = new Set(['--dry-run', '--dryRun', '--json']);

/** How this program was started, for a node that sees the same files. */
export function ownProgram(): string[] {
  return [process.execPath, ...process.execArgv, process.argv[1] ?? ''];
}

/** The words of this command that its shards get too: all but those that say where they run. */
export function sharedWords(given: readonly string[] = process.argv.slice(2)): string[] {
  const words: string[] = [];
  for (let at = 0; at < given.length; at += 1) {
    const word = given[at] ?? '';
    const flag = word.split('=', 1)[0] ?? '';
    if (OWN_SWITCHES.has(flag.replace('--no-', '--'))) {
      if (/^(true|false)$/.test(given[at + 1] ?? '') && !word.includes('=')) at += 1;
    } else if (OWN_FLAGS.has(flag)) {
      if (!word.includes('=')) at += 1;
    } else words.push(word);
  }
  return words;
}
