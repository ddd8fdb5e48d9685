import { z } from 'zod';
import { UsageError } from '../../core/errors.ts';
import { Mark } from '../../core/run/marks.ts';
import type { Catalogue, Filter, RowKey } from './catalogue.ts';
import { FACETS } from './index/facets.ts';
import { MARKED, type Marked } from './index/select.ts';

/** The filter that a request's parameters ask for: a facet's name with a value, as often as there are values. */
export function filterOf(parameters: URLSearchParams): Filter {
  const isMarked = (value: string): value is Marked => MARKED.some((marked) => marked === value);
  return {
    facets: new Map(FACETS.map((facet) => [facet, new Set(parameters.getAll(facet))])),
    marked: new Set(parameters.getAll('mark').filter(isMarked)),
    sources: new Set(parameters.getAll('source').map((name) => Number.parseInt(name, 10))),
  };
}

/** The row that `key` names. @throws UsageError where there is none */
export function rowKey(parameters: URLSearchParams, catalogue: Catalogue): RowKey {
  const text = parameters.get('key') ?? '';
  const key = catalogue.keyOf(text);
  if (key === undefined)
    throw new UsageError(`there is no row ${JSON.stringify(text.slice(0, 40))}`);
  return key;
}

/** A whole number from 0 on; the fallback where the parameter is missing or something else. */
export function wholeNumber(parameters: URLSearchParams, name: string, fallback: number): number {
  const text = parameters.get(name) ?? '';
  return /^\d{1,9}$/.test(text) ? Number(text) : fallback;
}

/** What the page sends to mark a row. */
const MarkRequest = z.object({
  key: z.string(),
  verdict: Mark.shape.verdict,
  comment: Mark.shape.comment,
});
type MarkRequest = z.infer<typeof MarkRequest>;

/** @throws UsageError for anything else */
export function markRequest(body: string): MarkRequest {
  try {
    return MarkRequest.parse(JSON.parse(body));
  } catch (cause) {
    throw new UsageError('a mark is {key, verdict: accept, reject or null, comment}', { cause });
  }
}
