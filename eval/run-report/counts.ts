import { Tally } from '../../core/stats/tally.ts';
import { GENERATION_PATTERNS } from '../../core/taxonomy.ts';
import { type Rejection, Severity, type Trajectory } from '../../core/trajectory.ts';
import { checkOf } from '../../synth/check/run-checks.ts';
import type { RunReport } from './run-report.ts';

/** What accepted rows are about. */
export class CompositionCount {
  readonly #domains = new Tally();
  readonly #tasks = new Tally();
  readonly #platforms = new Tally();
  readonly #asked = new Tally();
  readonly #found = new Tally();
  readonly #both = new Tally();

  add({ tags, patterns }: Trajectory): void {
    for (const domain of new Set(tags?.domains)) this.#domains.add(domain);
    if (tags !== null) {
      this.#tasks.add(tags.task);
      this.#platforms.add(tags.platform);
    }
    const found = new Set(patterns.found);
    for (const name of found) this.#found.add(name);
    for (const name of new Set(patterns.asked)) {
      this.#asked.add(name);
      if (found.has(name)) this.#both.add(name);
    }
  }

  report(): RunReport['composition'] {
    const seen = [...this.#asked.entries(), ...this.#found.entries()].map(({ name }) => name);
    const names = seen.length === 0 ? [] : [...new Set<string>([...GENERATION_PATTERNS, ...seen])];
    return {
      domains: this.#domains.entries(),
      tasks: this.#tasks.entries(),
      platforms: this.#platforms.entries(),
      patterns: names.map((name) => ({
        name,
        asked: this.#asked.count(name),
        found: this.#found.count(name),
        asked_and_found: this.#both.count(name),
      })),
    };
  }
}

type FindingRow = RunReport['findings'][number];

/** Findings of every severity by code. */
export class FindingsCount {
  readonly #rows = new Map<string, FindingRow>();

  add({ checks }: Trajectory | Rejection, column: 'rows_accepted' | 'rows_rejected'): void {
    const inRow = new Set<FindingRow>();
    for (const { code, severity } of checks) {
      const key = `${severity} ${code}`;
      const row = this.#rows.get(key) ?? {
        code,
        severity,
        title: checkOf(code)?.title ?? null,
        findings: 0,
        rows_accepted: 0,
        rows_rejected: 0,
      };
      this.#rows.set(key, row);
      row.findings += 1;
      inRow.add(row);
    }
    for (const row of inRow) row[column] += 1;
  }

  /** The gravest first, then the commonest. */
  report(): FindingRow[] {
    const grave = (row: FindingRow) => Severity.options.indexOf(row.severity);
    return [...this.#rows.values()].sort(
      (a, b) => grave(a) - grave(b) || b.findings - a.findings || (a.code < b.code ? -1 : 1),
    );
  }
}
