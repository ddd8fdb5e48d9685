import type { Passage } from '../passage.ts';
import { escapeMarkup } from './tagged.ts';

/** A named block of a prompt or answer: `<name>`, the text on lines of its own, `</name>`. */
export function block(name: string, text: string): string {
  return `<${name}>\n${text}\n</${name}>`;
}

/** A passage as data: what looks like our tags in it is escaped. */
export function passageBlock(passage: Passage): string {
  return block('passage', escapeMarkup(shownText(passage)));
}

/** What a model sees of a passage, its title above the text unless it begins with it: quotes stand in here. */
export function shownText({ title, text }: Passage): string {
  return title === null || text.startsWith(title) ? text : `${title}\n\n${text}`;
}
