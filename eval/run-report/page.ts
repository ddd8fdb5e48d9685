import { html, type Markup, trusted } from './markup.ts';
import type { Section } from './sections/section.ts';
import { STYLE } from './style.ts';

/** Should a row's text ever become markup by a fault of ours, the policy still lets nothing run or load. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/** A whole page that needs no network and no script: a head, then sections with a table of contents. */
export function pageOf(title: string, head: Markup, sections: readonly Section[]): string {
  const parts = sections.map(
    ({
      id,
      title: heading,
      body,
    }) => html`<section id="${id}" class="part" aria-labelledby="${id}-title"><h2 id="${id}-title">${heading}</h2>
${body}</section>
`,
  );
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
<a class="skip" href="#report">Skip to the report</a>
<div class="page">
${head}
<nav aria-label="Parts of the report"><ul>${sections.map(({ id, title: heading }) => html`<li><a href="#${id}">${heading}</a></li>`)}</ul></nav>
<main id="report">
${parts}</main>
<footer><p>Written by gem-traj; the same figures are in report.json and, in short, in report.md.</p></footer>
</div>
</body>
</html>`;
  return `${page.source}\n`;
}
