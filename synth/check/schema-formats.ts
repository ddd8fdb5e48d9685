import type { Ajv, Format } from 'ajv';
import { fullFormats } from 'ajv-formats/dist/formats.js';

/** Some formats' expressions take quadratic time, and nothing longer than this is an address or a date. */
const MAX_FORMAT_TEXT = 2048;
const ANY_LENGTH = new Set(['byte', 'binary', 'password', 'regex']);

/** Teaches ajv the formats of JSON Schema and OpenAPI; a text too long for its format does not have it. */
export function addFormats(ajv: Ajv): void {
  for (const [name, format] of BOUNDED) ajv.addFormat(name, format);
}

const BOUNDED: [string, Format][] = Object.entries(fullFormats).map(([name, format]) => [
  name,
  ANY_LENGTH.has(name) ? format : bounded(format),
]);

/** Dates and times, which are objects, are read in one pass and need no bound. */
function bounded(format: Format): Format {
  if (format instanceof RegExp) return (text: string) => isShort(text) && format.test(text);
  if (typeof format === 'function') return (text: string) => isShort(text) && format(text);
  return format;
}

function isShort(text: string): boolean {
  return text.length <= MAX_FORMAT_TEXT;
}
