import { type Content, html, type Markup } from './markup.ts';
import { count } from './words.ts';

export interface DataTable {
  /** Said to those who cannot see the table. */
  label: string;
  head: string[];
  /** Numbers stand to the right, with separators. */
  rows: Content[][];
  foot?: Content[];
}

/** A table in a box of its own that scrolls where the page is narrow; the first cell of a row is its heading. */
export function dataTable({ label, head, rows, foot }: DataTable): Markup {
  const numeric = head.map((_, column) => rows.every((row) => isNumeric(row[column])));
  const kind = (column: number) => (numeric[column] ? html` class="number"` : null);
  const line = (row: Content[]) =>
    html`<tr>${row.map((value, column) => (column === 0 ? html`<th scope="row"${kind(column)}>${shown(value)}</th>` : html`<td${kind(column)}>${shown(value)}</td>`))}</tr>`;
  return html`<div class="scroll" role="region" tabindex="0" aria-label="${label}"><table>
<thead><tr>${head.map((title, column) => html`<th scope="col"${kind(column)}>${title}</th>`)}</tr></thead>
<tbody>${rows.map(line)}</tbody>${foot === undefined ? null : html`<tfoot>${line(foot)}</tfoot>`}
</table></div>`;
}

function shown(value: Content): Content {
  return typeof value === 'number' ? count(value) : value;
}

/** Figures stand to the right, also those with a unit. */
function isNumeric(value: Content): boolean {
  return (
    typeof value === 'number' ||
    (typeof value === 'string' && /^[–\d][\d.,]*%?( \(.*\))?$/.test(value))
  );
}
