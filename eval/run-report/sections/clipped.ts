import { html, type Markup } from '../markup.ts';
import type { Clipped } from '../run-report.ts';
import { count } from '../words.ts';

/** A text, with a note of what was cut from it. */
export function clipped({ text, cut }: Clipped): Markup {
  return html`${text}${cutNote(cut)}`;
}

/** What is said where characters were left out. */
export function cutNote(cut: number): Markup | null {
  return cut === 0
    ? null
    : html`<span class="cut"> … ${count(cut)} more characters left out</span>`;
}
