import { UsageError } from '../../core/errors.ts';
import type { Mark } from '../../core/run/marks.ts';
import { FacetCounter } from './facet-counter.ts';
import type { RowHead } from './index/facets.ts';
import { Indexer } from './index/indexer.ts';
import { type Choice, selectRows } from './index/select.ts';
import { SourceMarks } from './marks.ts';
import type { Source } from './sources/source.ts';

/** A row by its source and its number there: `0.17`. */
export interface RowKey {
  source: number;
  row: number;
}

/** What the filters of the page ask for. */
export interface Filter extends Choice {
  /** Numbers of the sources; empty for all. */
  sources: ReadonlySet<number>;
}

/** A line of the list. */
export interface ListedRow extends RowHead {
  key: string;
  source: string;
  status: string;
  reasons: string[];
  mark: Mark | null;
}

export interface OpenedSource {
  source: Source;
  indexer: Indexer;
  marks: SourceMarks;
}

/** The rows of all sources that a viewer shows. */
export class Catalogue {
  readonly sources: readonly OpenedSource[];
  readonly #ending = new AbortController();

  private constructor(sources: readonly OpenedSource[]) {
    this.sources = sources;
  }

  /** Opens sources; nothing of them is indexed yet. */
  static async open(sources: readonly Source[]): Promise<Catalogue> {
    const opened = sources.map(async (source) => {
      return {
        source,
        indexer: new Indexer(source),
        marks: await SourceMarks.open(source.marksPath),
      };
    });
    return new Catalogue(await Promise.all(opened));
  }

  get rows(): number {
    return this.sources.reduce((sum, { indexer }) => sum + indexer.index.rows, 0);
  }

  /** @throws UsageError where no source has a row and none is being written */
  async requireRows(): Promise<void> {
    const sizes = await Promise.all(this.sources.map(({ indexer }) => indexer.size()));
    if (sizes.some((size) => size > 0)) return;
    const empty = this.sources.map(({ source: { given, manifest } }) => {
      if (manifest === null) return `${given}: the file is empty`;
      const { state, funnel, message } = manifest;
      const why = message === null ? '' : ` (${message})`;
      return `${given}: ${state}${why}, ${funnel.passages} passages, no row`;
    });
    if (this.sources.some(({ source }) => source.manifest?.state === 'running')) return;
    throw new UsageError(['there is nothing to view:', ...empty].join('\n  '));
  }

  /** Indexes what is new, source after source. */
  async update(): Promise<void> {
    for (const { indexer } of this.sources) await indexer.update(this.#ending.signal);
  }

  /** Ends the indexing where it is. */
  end(): void {
    this.#ending.abort();
  }

  /** The rows that a filter leaves: by source, in the order of the files. */
  select(filter: Filter): { keys: Uint32Array[]; total: number; counts: FacetCounter } {
    const counts = new FacetCounter(filter.facets);
    const keys = this.sources.map(({ source, indexer, marks }, number) => {
      marks.follow(indexer.index);
      const selected = selectRows(indexer.index, filter, (row) => marks.markedOf(row));
      counts.addSource(`${number}: ${source.name}`, selected.rows.length);
      if (filter.sources.size > 0 && !filter.sources.has(number)) return new Uint32Array(0);
      counts.addCounts(indexer.index, selected.counts);
      return selected.rows;
    });
    return { keys, total: keys.reduce((sum, { length }) => sum + length, 0), counts };
  }

  listed({ source: number, row }: RowKey): ListedRow {
    const { source, indexer, marks } = this.at(number);
    const { index } = indexer;
    return {
      ...index.headOf(row),
      key: `${number}.${row}`,
      source: source.name,
      status: index.valuesOf('status', row)[0] ?? '',
      reasons: index.valuesOf('reason', row),
      mark: marks.of(row) ?? null,
    };
  }

  /** A source by its number. */
  at(number: number): OpenedSource {
    const found = this.sources[number];
    if (found === undefined) throw new Error(`no source ${number}`);
    return found;
  }

  /** The key that a text of the page names; undefined where there is no such row. */
  keyOf(text: string): RowKey | undefined {
    const parts = /^(\d{1,3})\.(\d{1,9})$/.exec(text);
    if (parts === null) return undefined;
    const key = { source: Number(parts[1]), row: Number(parts[2]) };
    const rows = this.sources[key.source]?.indexer.index.rows ?? 0;
    return key.row < rows ? key : undefined;
  }

  /** The other rows that are of the same passage, at most so many. */
  samePassage({ source, row }: RowKey, most: number): ListedRow[] {
    const passage = this.at(source).indexer.index.passageOf(row);
    const found = this.sources.flatMap(({ indexer, marks }, number) => {
      marks.follow(indexer.index);
      return indexer.index.rowsOfPassage(passage).map((other) => ({ source: number, row: other }));
    });
    return found
      .filter((key) => key.source !== source || key.row !== row)
      .slice(0, most)
      .map((key) => this.listed(key));
  }
}
