import { z } from 'zod';
import { LengthName, Lengths } from '../core/stats/lengths.ts';
import { NumberSummary } from '../core/stats/numbers.ts';
import { Tally } from '../core/stats/tally.ts';
import { Severity } from '../core/trajectory.ts';
import type { RowFacts } from './row-facts.ts';
import { personalKinds } from './select/personal-data/of-row.ts';
import { TokenStatistics, TokenSummary } from './token-statistics.ts';

const Count = z.number().int().nonnegative();
const Named = z.object({ name: z.string(), count: Count });

/** datasheet.json: the figures of the rows that were kept. */
export const Datasheet = z.object({
  rows: Count,
  documents: Count,
  lengths: z.array(NumberSummary.extend({ name: LengthName })),
  tokens: TokenSummary.nullable(),
  tokens_estimated: z.boolean(),
  licences: z.array(Named),
  platforms: z.array(Named),
  domains: z.array(Named),
  tasks: z.array(Named),
  patterns: z.array(Named),
  /** Rows with a finding of each code, by the checks of today. */
  findings: z.array(Named.extend({ severity: Severity })),
  rows_without_error: Count,
  judged: Count,
  repaired: Count,
  /** Rows that a person took in although their run had turned them down. */
  by_person: Count,
  /** Rows whose passages hold personal data, or did before it was masked; by kind, a row may count in several. */
  personal_rows: Count,
  personal: z.array(Named),
});
export type Datasheet = z.infer<typeof Datasheet>;

/** Counts the rows of a dataset in bounded memory. */
export class DatasheetCount {
  readonly #estimated: boolean;
  readonly #lengths = new Lengths();
  readonly #tokens = new TokenStatistics();
  readonly #documents = new Set<string>();
  readonly #tallies = {
    licences: new Tally(),
    platforms: new Tally(),
    domains: new Tally(),
    tasks: new Tally(),
    patterns: new Tally(),
    personal: new Tally(),
  };
  readonly #findings = new Map<string, Datasheet['findings'][number]>();
  #rows = 0;
  #clean = 0;
  #judged = 0;
  #repaired = 0;
  #byPerson = 0;
  #personalRows = 0;

  constructor(estimated: boolean) {
    this.#estimated = estimated;
  }

  add(documentId: string, facts: RowFacts): void {
    this.#rows += 1;
    this.#lengths.add(facts.lengths);
    this.#tokens.add(facts.tokens);
    this.#documents.add(documentId);
    this.#tallies.licences.add(facts.licence ?? 'not stated');
    if (facts.platform !== null) this.#tallies.platforms.add(facts.platform);
    if (facts.task !== null) this.#tallies.tasks.add(facts.task);
    for (const domain of facts.domains) this.#tallies.domains.add(domain);
    for (const pattern of facts.patterns) this.#tallies.patterns.add(pattern);
    if (!facts.findings.some(([severity]) => severity === 'error')) this.#clean += 1;
    if (facts.judged) this.#judged += 1;
    if (facts.repaired) this.#repaired += 1;
    if (facts.by_person) this.#byPerson += 1;
    if (facts.personal !== null) this.#personalRows += 1;
    for (const kind of personalKinds(facts.personal)) this.#tallies.personal.add(kind);
    for (const [severity, name] of facts.findings) this.#addFinding(severity, name);
  }

  #addFinding(severity: Severity, name: string): void {
    const key = `${severity} ${name}`;
    const line = this.#findings.get(key) ?? { name, severity, count: 0 };
    line.count += 1;
    this.#findings.set(key, line);
  }

  report(): Datasheet {
    const { licences, platforms, domains, tasks, patterns, personal } = this.#tallies;
    const grave = (severity: Severity) => Severity.options.indexOf(severity);
    return {
      rows: this.#rows,
      documents: this.#documents.size,
      lengths: this.#lengths.report(),
      tokens: this.#tokens.summary(),
      tokens_estimated: this.#estimated,
      licences: licences.entries(),
      platforms: platforms.entries(),
      domains: domains.entries(),
      tasks: tasks.entries(),
      patterns: patterns.entries(),
      findings: [...this.#findings.values()].sort(
        (a, b) => grave(a.severity) - grave(b.severity) || b.count - a.count,
      ),
      rows_without_error: this.#clean,
      judged: this.#judged,
      repaired: this.#repaired,
      by_person: this.#byPerson,
      personal_rows: this.#personalRows,
      personal: personal.entries(),
    };
  }
}
