import type { Markup } from '../markup.ts';

/** A part of the page with a heading, which the table of contents links to. */
export interface Section {
  id: string;
  title: string;
  body: Markup;
}
