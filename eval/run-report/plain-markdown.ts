import { visible } from './markup.ts';

/** A text on one line in which no character means anything to Markdown or HTML. */
export function plain(text: string): string {
  return visible(text)
    .replace(/\s+/g, ' ')
    .replace(/[\\`*_{}[\]<>#|~!&]/g, '\\$&');
}
