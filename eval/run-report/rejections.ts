import { Reservoir } from '../../core/stats/tally.ts';
import { type Finding, RejectedBy, type Rejection } from '../../core/trajectory.ts';
import { checkOf } from '../../synth/check/run-checks.ts';
import { clip } from './clip.ts';
import { excerptAt, type Place } from './excerpt.ts';
import type { Example, RunReport } from './run-report.ts';

type StageRejections = RunReport['rejections'][number];
type Reason = StageRejections['reasons'][number];
type NamedReason = Pick<Reason, 'kind' | 'name' | 'title'> & { place: Place };

const EXAMPLES = 3;
const EXAMPLE_CHARACTERS = 600;
const MOST_KINDS = 500;
const SHOWN_KINDS = 40;

/** Counts rejected rows by stage and reason, with a few examples of each. */
export class Rejections {
  readonly #stages = new Map<RejectedBy, StageCount>();
  readonly #gate: string | null;

  /** @param gate which errors turned rows down: the paper's, or (null as well) all */
  constructor(gate: string | null) {
    this.#gate = gate;
  }

  add(row: Rejection): void {
    const stage = this.#stages.get(row.rejected_by) ?? new StageCount();
    this.#stages.set(row.rejected_by, stage);
    stage.rows += 1;
    for (const reason of reasonsOf(row, this.#gate)) stage.add(row, reason);
  }

  /** In the order of the pipeline; stages that turned nothing down are left out. */
  report(): StageRejections[] {
    return RejectedBy.options.flatMap((by) => {
      const stage = this.#stages.get(by);
      return stage === undefined ? [] : [{ by, ...stage.report() }];
    });
  }
}

class StageCount {
  rows = 0;
  #beyond = 0;
  readonly #reasons = new Map<
    string,
    Omit<Reason, 'examples'> & { examples: Reservoir<Example> }
  >();

  add(row: Rejection, { kind, name, title, place }: NamedReason): void {
    const key = `${kind} ${name}`;
    let reason = this.#reasons.get(key);
    if (reason === undefined) {
      if (this.#reasons.size >= MOST_KINDS) {
        this.#beyond += 1;
        return;
      }
      reason = { kind, name, title, rows: 0, examples: new Reservoir(EXAMPLES) };
      this.#reasons.set(key, reason);
    }
    reason.rows += 1;
    reason.examples.offer(row.id, () => exampleOf(row, place));
  }

  report(): Omit<StageRejections, 'by'> {
    const sorted = [...this.#reasons.values()].sort(
      (a, b) => b.rows - a.rows || (a.name < b.name ? -1 : 1),
    );
    const reasons = sorted
      .slice(0, SHOWN_KINDS)
      .map((reason) => ({ ...reason, examples: reason.examples.items() }));
    const rest = sorted.slice(SHOWN_KINDS).reduce((sum, { rows }) => sum + rows, 0);
    return { rows: this.rows, reasons, other_reasons: this.#beyond + rest };
  }
}

function exampleOf(row: Rejection, place: Place): Example {
  return {
    row_id: row.id,
    passage_id: row.source.id,
    message_index: place.message_index,
    path: place.path,
    text: clip(place.text, EXAMPLE_CHARACTERS),
    excerpt: excerptAt(row, place),
  };
}

function reasonsOf(row: Rejection, gate: string | null): NamedReason[] {
  const named =
    row.rejected_by === 'check'
      ? codesOf(row, gate)
      : row.rejected_by === 'judge'
        ? rubricsOf(row)
        : [];
  if (named.length > 0) return named;
  const place = { message_index: null, path: null, text: row.reason };
  return [{ kind: kindOf(row), name: foldReason(row.reason), title: null, place }];
}

function kindOf({ rejected_by: by }: Rejection): Reason['kind'] {
  if (by === 'selection') return 'not_best';
  return by === 'judge' ? 'unscored' : 'unreadable';
}

/** Each code that could decide, with its first finding. */
function codesOf(row: Rejection, gate: string | null): NamedReason[] {
  const first = new Map<string, Finding>();
  for (const finding of row.checks) {
    const decides =
      finding.severity === 'error' && (gate !== 'paper' || checkOf(finding.code)?.paper === true);
    if (decides && !first.has(finding.code)) first.set(finding.code, finding);
  }
  return [...first].map(([code, place]) => ({
    kind: 'check',
    name: code,
    title: checkOf(code)?.title ?? null,
    place,
  }));
}

const RUBRICS: Record<string, string> = {
  argument_values: 'A call has a value that was neither given nor derivable',
  capability: 'The assistant claims an inability it has not, or an ability it has not',
  context:
    'Rules, entities or values are misquoted, change without reason, or a summary contradicts',
};

function rubricsOf({ judge }: Rejection): NamedReason[] {
  if (judge === null) return [];
  const place = { message_index: judge.message_index, path: null, text: judge.reason };
  return Object.entries(judge.rubrics)
    .filter(([, score]) => score === 0)
    .map(([name]) => ({ kind: 'rubric', name, title: RUBRICS[name] ?? null, place }));
}

const FOLDED_CHARACTERS = 200;

/** What reasons of one kind have in common: the answer's words at the end left out, numbers and quotes folded, repeated parts once. */
function foldReason(reason: string): string {
  const folded = reason
    .slice(0, 2000)
    .replace(/^unscored: /, '')
    .replace(/^no readable answer in \d+ tries; the last: /, '')
    .replace(/: ["{[].*$/s, '')
    .replace(/"(?:[^"\\]|\\.)*(?:"|$)/g, '"…"')
    .replace(/(?<!\p{L})'[^']*'(?!\p{L})/gu, "'…'")
    .replace(/"…"(?:(?:\||, ?)"…")+/g, '"…"')
    .replace(/\d+(?:[.,]\d+)*/g, 'N')
    .replace(/\s+/g, ' ')
    .trim();
  const parts = [...new Set(folded.split('; '))];
  return clip(parts.join('; '), FOLDED_CHARACTERS).text || '(no reason given)';
}
