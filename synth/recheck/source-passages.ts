import { join } from 'node:path';
import { UsageError } from '../../core/errors.ts';
import { readJsonl } from '../../core/jsonl-read.ts';
import type { PassageLine } from '../../core/run/commit-log.ts';
import type { FoundRow } from '../../core/run/find-row.ts';
import { parseLine } from '../../core/run/parse-line.ts';
import { passageSpans, type Span } from '../../core/run/passage-spans.ts';
import { Rejection, Trajectory } from '../../core/trajectory.ts';

/** A passage of a run as it ended there, with all its rows. */
export interface SourcePassage {
  id: string;
  line: PassageLine;
  rows: FoundRow[];
}

/**
 * A run's passages in the order in which they ended, each with its rows: passages.jsonl tells their places, so that
 * nothing is held but one passage. Rows behind its last line are of a passage that has not ended, and are left out.
 * @throws UsageError for a file that is not as the run wrote it
 */
export async function* sourcePassages(folder: string): AsyncGenerator<SourcePassage> {
  for await (const { line, spans } of passageSpans(folder)) {
    const rows: FoundRow[] = [];
    for (const span of spans) rows.push(...(await rowsAt(folder, span)));
    yield { id: line.id, line, rows };
  }
}

const STATUS = { trajectories: 'accepted', rejected: 'rejected', surplus: 'surplus' } as const;

async function rowsAt(folder: string, { file, from, to }: Span): Promise<FoundRow[]> {
  const path = join(folder, `${file}.jsonl`);
  const schema = file === 'rejected' ? Rejection : Trajectory;
  const rows: FoundRow[] = [];
  let end = from;
  for await (const line of readJsonl(path, { from, onTorn: () => {} })) {
    const row = parseLine(schema, line, `${path} from byte ${from}`);
    rows.push({ status: STATUS[file], row });
    end = line.offset + line.length + 1;
    if (end >= to) break;
  }
  if (end === to) return rows;
  throw new UsageError(
    `${path} has no rows that end at byte ${to}, where passages.jsonl has a passage's end; was the run changed by hand?`,
  );
}
