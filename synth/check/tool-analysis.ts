import { joinPath, shorten } from './json-path.ts';
import type { Problem, Row } from './row.ts';

/** What is wrong with the tools' schemas, with paths below the conversation's tools. */
export function toolProblems({ tools }: Pick<Row, 'tools'>): Problem[] {
  return tools.flatMap(({ index, name, schema }) =>
    schema.problems.map(({ code, path, text }) => {
      const base = `${joinPath('tools', index)}.function.parameters`;
      return {
        code,
        message_index: null,
        path: below(base, path),
        text: `${shorten(name, 64)}: ${text}`,
      };
    }),
  );
}

/** A path continued by one that is relative to it. */
export function below(base: string, path: string): string {
  if (path === '') return base;
  return path.startsWith('[') ? `${base}${path}` : `${base}.${path}`;
}
