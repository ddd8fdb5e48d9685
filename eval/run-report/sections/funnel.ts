import { bar } from '../bars.ts';
import { html, type Markup } from '../markup.ts';
import type { RunReport } from '../run-report.ts';
import { count, counted, share } from '../words.ts';
import type { Section } from './section.ts';

/** How many came how far, and what fell away between two stations. */
export function funnelSection(report: RunReport): Section {
  return {
    id: 'funnel',
    title: 'Funnel',
    body: html`<p class="hint">${FUNNEL_HINT}</p>
${funnelBars(report)}`,
  };
}

export const FUNNEL_HINT =
  'Share of the station before, and of all passages. A passage may give several workflows. The pale end of a bar fell away since the station before.';

/** A run's stations as bars, and what has to be known beside them. */
export function funnelBars(report: RunReport): Markup {
  const { funnel, failed_passages: failed, mending } = report;
  const longest = Math.max(0, ...funnel.map((station) => station.count));
  const first = funnel[0]?.count ?? 0;
  const stations = funnel.map((station, index) =>
    stationItem(station, index === 0 ? undefined : funnel[index - 1]?.count, first, longest),
  );
  return html`<ol class="funnel">${stations}</ol>
${mending === null ? null : html`<p class="hint">${counted(mending.tried, 'candidate')} turned down and mended; ${count(mending.accepted)} of these accepted after it.</p>`}
${failed === 0 ? null : html`<p class="notice">${counted(failed, 'passage')} got no answer from the server and will be tried again when the run goes on.</p>`}`;
}

function stationItem(
  { label, count: here, lost }: RunReport['funnel'][number],
  before: number | undefined,
  first: number,
  longest: number,
): Markup {
  const shares =
    before === undefined
      ? null
      : html` <small><span title="of the station before">${share(here, before)}</span> <span class="dim">· ${share(here, first)} of passages</span></small>`;
  const gone =
    lost.length === 0
      ? null
      : html`<p class="lost">${lost.map((loss, index) => html`${index === 0 ? '' : ', '}<span class="minus">−${count(loss.count)}</span> ${loss.label}`)}</p>`;
  return html`<li>${gone}<div class="station"><span class="name">${label}</span>${bar(here, longest, 'station', Math.max(0, (before ?? here) - here))}<span class="figure"><b>${count(here)}</b>${shares}</span></div></li>`;
}
