import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readJsonl } from '../../core/jsonl-read.ts';
import { JournalReader } from '../../core/llm/journal.ts';
import { PassageLine } from '../../core/run/commit-log.ts';
import { parseLine } from '../../core/run/parse-line.ts';
import { Columns } from './columns.ts';

/** The passages that came to an end in a run, whatever the end, and what is known of each. */
export class PassageEnds {
  readonly ids: string[] = [];
  /** Stations of the funnel, and what requests took. */
  readonly columns = new Columns();
  readonly #indexes = new Map<string, number>();

  /** @returns undefined where it has not ended */
  indexOf(id: string): number | undefined {
    return this.#indexes.get(id);
  }

  /** The index of a passage, which is taken in where it is new. */
  taken(id: string): number {
    const known = this.#indexes.get(id);
    if (known !== undefined) return known;
    this.#indexes.set(id, this.ids.length);
    return this.ids.push(id) - 1;
  }
}

/**
 * Reads how the passages of a run ended. Those that found no server have not ended, and are left out.
 * @throws UsageError for a line of another shape
 */
export async function readPassageEnds(folder: string): Promise<PassageEnds> {
  const ends = new PassageEnds();
  const path = join(folder, 'passages.jsonl');
  if (!existsSync(path)) return ends;
  for await (const read of readJsonl(path, { onTorn: () => {} })) {
    const { id, outcome, counts } = parseLine(PassageLine, read, path);
    if (outcome === 'failed' || outcome === 'promoted') continue;
    const stations = Object.entries(counts).map(([key, count]) => [`funnel.${key}`, count]);
    ends.columns.set(ends.taken(id), Object.fromEntries(stations));
  }
  return ends;
}

/**
 * Adds what each passage's requests took, out of the journal's heads: what a run alone would have paid, answers that
 * were reused from another run included; `paid_` is without these.
 * @returns whether the run has a journal
 */
export async function addCosts(folder: string, ends: PassageEnds): Promise<boolean> {
  const path = join(folder, 'journal.jsonl');
  if (!existsSync(path)) return false;
  await (
    await JournalReader.open(
      path,
      () => false,
      (line) => {
        if (!('key' in line)) return;
        const passage = ends.indexOf(line.passage);
        if (passage === undefined) return;
        const tokens = line.prompt_tokens + line.completion_tokens;
        ends.columns.add(passage, {
          requests: 1,
          tokens,
          completion_tokens: line.completion_tokens,
          usd: line.cost_usd,
          seconds: line.seconds,
          ...(line.reused ? {} : { paid_tokens: tokens, paid_usd: line.cost_usd }),
        });
      },
    )
  ).close();
  return true;
}
