import { join } from 'node:path';
import { watchInterrupts } from '../../core/interrupts.ts';
import { terminal } from '../../core/terminal.ts';
import { openJudge } from '../../synth/commands/judge-endpoint.ts';
import type { SynthProgress } from '../../synth/synth-job.ts';
import { requirePrices } from '../../synth/synth-run.ts';
import type { Compared } from './compare.ts';
import type { Pair } from './comparison.ts';
import type { DrawSettings } from './differences.ts';
import { judgePreferences } from './preference.ts';
import { drawPairs } from './preference-pairs.ts';

/** Who judges how many pairs, and where the answers are kept. */
interface JudgeSettings {
  folder: string;
  judge: string;
  endpoints: string | undefined;
  pairs: number;
  budgetUsd: number | null;
  draw: DrawSettings;
}

/**
 * Adds a judge's preferences to each pair of a comparison, one pair of methods after the other.
 * @throws UsageError for an endpoint that is not known, and a folder that was begun with another judge
 */
export async function judgePairs(
  { comparison, methods }: Compared,
  settings: JudgeSettings,
): Promise<{ stopped: boolean; interrupted: boolean }> {
  const judge = await openJudge(settings.judge, settings.endpoints);
  const interrupts = watchInterrupts();
  const { stopping, aborting } = interrupts;
  try {
    requirePrices(settings.budgetUsd ?? undefined, [judge.endpoint]);
    for (const [index, pair] of comparison.pairs.entries()) {
      const [a, b] = [pair.a, pair.b].map((name) => methods.find((one) => one.name === name));
      if (a === undefined || b === undefined) continue;
      const pairs = await drawPairs(a, b, { pairs: settings.pairs, seed: settings.draw.seed });
      if (pairs.length === 0) {
        pair.notes.push('No passage has an accepted row of both: the judge was asked nothing.');
        continue;
      }
      pair.preference = await judgePreferences({
        folder: join(settings.folder, folderOf(pair, index)),
        pairs,
        endpoint: judge.endpoint,
        draw: settings.draw,
        budgetUsd: settings.budgetUsd,
        onProgress: progressPrinter(pairs.length),
        stopping,
        aborting,
      });
      pair.offline ||= pair.preference.offline;
      terminal.settle();
    }
  } finally {
    terminal.settle();
    interrupts.forget();
    await judge.close();
  }
  const stopped = comparison.pairs.some(({ preference }) => (preference?.stopped ?? null) !== null);
  return { stopped, interrupted: stopping.aborted };
}

function folderOf({ a, b }: Pair, index: number): string {
  const plain = (name: string) => name.replace(/[^A-Za-z0-9_-]+/g, '-').slice(0, 40);
  return `${index + 1}-${plain(a)}-${plain(b)}`;
}

/** On a terminal a live line, in a file every tenth. */
function progressPrinter(pairs: number): (progress: SynthProgress) => void {
  let lines = 0;
  return ({ run, lastFailure }) => {
    lines += 1;
    if (!terminal.isInteractive && lines % 10 !== 1) return;
    const { requests } = run.ledger.total();
    const failure = lastFailure === null ? '' : `  last failure: ${lastFailure.slice(0, 80)}`;
    terminal.live(() => `${pairs} pairs in both orders  ${requests} answers${failure}`);
  };
}
