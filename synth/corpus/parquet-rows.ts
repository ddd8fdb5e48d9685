import { parquetColumns, readParquet } from '../../core/parquet-read.ts';
import type { RowsWanted, SourceRow } from './source-row.ts';

/** The rows of a Parquet file, the wanted columns alone, one row group in memory at a time. */
export async function* readParquetRows(
  path: string,
  wanted: RowsWanted,
): AsyncGenerator<SourceRow> {
  const columns = wanted.columns(await parquetColumns(path));
  for await (const fields of readParquet(path, columns === null ? {} : { columns })) {
    yield { fields };
  }
}
