// parquetjs-lite ships no types: what core/parquet-write.ts uses of it.
declare module 'parquetjs-lite' {
  export interface FieldDefinition {
    type?: string;
    optional?: boolean;
    repeated?: boolean;
    compression?: 'SNAPPY' | 'GZIP' | 'UNCOMPRESSED';
    statistics?: false;
    fields?: Record<string, FieldDefinition>;
  }

  export class ParquetSchema {
    constructor(fields: Record<string, FieldDefinition>);
  }

  export class ParquetWriter {
    static openFile(
      schema: ParquetSchema,
      path: string,
      options?: { rowGroupSize?: number },
    ): Promise<ParquetWriter>;
    /** Throws plain strings. */
    appendRow(row: Record<string, unknown>): Promise<void>;
    close(): Promise<void>;
  }
}
