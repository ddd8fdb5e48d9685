import type { Finding, Severity } from '../../../core/trajectory.ts';
import type { CheckedRow } from './check-row.ts';

export const SEVERITIES: readonly Severity[] = ['error', 'warning', 'note'];

/** What was found of one code with one severity. */
export interface CodeCount {
  code: string;
  severity: Severity;
  findings: number;
  rows: number;
  /** The first ones found. */
  examples: { id: string; finding: Finding }[];
}

/** The rows and findings of a `check`, counted as they come; memory is that of the codes. */
export class Tally {
  readonly #maxExamples: number;
  readonly #codes = new Map<string, CodeCount>();
  /** Rows by the worst finding they have. */
  readonly worst: Record<Severity | 'none', number> = { error: 0, warning: 0, note: 0, none: 0 };
  rows = 0;
  missingPassages = 0;

  constructor(maxExamples: number) {
    this.#maxExamples = maxExamples;
  }

  add({ id, findings, missingPassage }: CheckedRow): void {
    this.rows += 1;
    if (missingPassage !== null) this.missingPassages += 1;
    this.worst[worstOf(findings)] += 1;
    const seen = new Set<CodeCount>();
    for (const finding of findings) {
      const count = this.#count(finding);
      count.findings += 1;
      if (!seen.has(count) && seen.add(count)) count.rows += 1;
      if (count.examples.length < this.#maxExamples) count.examples.push({ id, finding });
    }
  }

  /** The counts, the worst severity first, then the commonest. */
  counts(): CodeCount[] {
    return [...this.#codes.values()].sort(
      (a, b) =>
        SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity) ||
        b.rows - a.rows ||
        (a.code < b.code ? -1 : 1),
    );
  }

  /** Whether a row has a finding at or above a severity. */
  reaches(level: 'error' | 'warning'): boolean {
    return this.worst.error > 0 || (level === 'warning' && this.worst.warning > 0);
  }

  #count({ code, severity }: Finding): CodeCount {
    const key = `${severity} ${code}`;
    const known = this.#codes.get(key);
    if (known !== undefined) return known;
    const count = { code, severity, findings: 0, rows: 0, examples: [] };
    this.#codes.set(key, count);
    return count;
  }
}

function worstOf(findings: readonly Finding[]): Severity | 'none' {
  return SEVERITIES.find((level) => findings.some(({ severity }) => severity === level)) ?? 'none';
}
