import { html, type Markup, trusted } from './markup.ts';
import type { RunReport } from './run-report.ts';
import { compositionSection } from './sections/composition.ts';
import { costSection } from './sections/cost.ts';
import { distributionsSection } from './sections/distributions.ts';
import { findingsSection } from './sections/findings.ts';
import { funnelSection } from './sections/funnel.ts';
import { overview } from './sections/overview.ts';
import { rejectionsSection } from './sections/rejections.ts';
import { samplesSection } from './sections/samples.ts';
import type { Section } from './sections/section.ts';
import { settingsSection } from './sections/settings.ts';
import { STYLE } from './style.ts';

/** The parts of a run's report, in their order on the page. */
const SECTIONS: ((report: RunReport) => Section)[] = [
  funnelSection,
  rejectionsSection,
  costSection,
  distributionsSection,
  compositionSection,
  findingsSection,
  samplesSection,
  settingsSection,
];

/** A report as one page that needs no network and no script; whatever stands in rows is text in it. */
export function renderHtml(report: RunReport): string {
  const page = pageOf(
    `${report.run.name}: run report`,
    overview(report),
    SECTIONS.map((section) => section(report)),
  );
  return `${page.source}\n`;
}

/** Should a row's text ever become markup by a fault of ours, the policy still lets nothing run or load. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

function pageOf(title: string, head: Markup, sections: Section[]): Markup {
  const parts = sections.map(
    ({
      id,
      title: heading,
      body,
    }) => html`<section id="${id}" class="part" aria-labelledby="${id}-title"><h2 id="${id}-title">${heading}</h2>
${body}</section>
`,
  );
  return html`<!doctype html>
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
}
