import { type PlotOptions, plot } from '@observablehq/plot';
import { parseHTML } from 'linkedom';
import { html, type Markup, trusted, visible } from './markup.ts';

/** What this file uses of an element: the project is compiled without a browser's types. */
interface Drawn {
  readonly innerHTML: string;
  readonly childNodes: Iterable<{ nodeType: number; textContent: string | null }>;
  querySelectorAll(selector: string): Iterable<Drawn>;
  getAttributeNames(): string[];
  getAttribute(name: string): string | null;
  setAttribute(name: string, value: string): void;
  removeAttribute(name: string): void;
  remove(): void;
}

/** A picture's place on the page: its class in the style sheet, and the words for who cannot see it. */
export interface Picture {
  kind: string;
  /** Null for an ornament whose figures stand beside it as text. */
  alt: string | null;
  /** Whether it fills its box whatever the box's proportions. */
  isStretched?: boolean;
}

/** Plot makes its elements in it; one serves all charts, since none is ever put into it. */
const { document } = parseHTML('<!doctype html><html lang="en"><body></body></html>');

/** A chart by Observable Plot as SVG without style sheet, script or id; its colours are the page's variables. */
export function drawing(
  options: PlotOptions & { width: number; height: number },
  { kind, alt, isStretched = false }: Picture,
): Markup {
  const root: Drawn = plot({ ...options, document, className: kind });
  for (const sheet of root.querySelectorAll('style')) sheet.remove();
  for (const element of root.querySelectorAll('*')) tidy(element);
  const words = alt === null ? html`aria-hidden="true"` : html`role="img" aria-label="${alt}"`;
  const aspect = isStretched ? html` preserveAspectRatio="none"` : null;
  return html`<svg class="${kind}" viewBox="0 0 ${options.width} ${options.height}" ${words}${aspect}>${trusted(root.innerHTML)}</svg>`;
}

/** Takes off what the picture's own words replace, and digits that no screen shows; no text acts unseen. */
function tidy(element: Drawn): void {
  for (const name of element.getAttributeNames()) {
    if (name.startsWith('aria-')) element.removeAttribute(name);
    else element.setAttribute(name, rounded(element.getAttribute(name) ?? ''));
  }
  for (const node of element.childNodes)
    if (node.nodeType === TEXT_NODE) node.textContent = visible(node.textContent ?? '');
}

const TEXT_NODE = 3;

function rounded(value: string): string {
  return value.replace(/-?\d+\.\d{3,}(?!\d*e)/g, (digits) =>
    String(Number(Number(digits).toFixed(2))),
  );
}
