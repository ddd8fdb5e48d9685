import { bar, barList } from '../bars.ts';
import { html, type Markup } from '../markup.ts';
import type { RunReport } from '../run-report.ts';
import { count, counted, share, words } from '../words.ts';
import type { Section } from './section.ts';

/** What the accepted trajectories are about, and what corpus they came from. */
export function compositionSection({ composition, rows, corpus }: RunReport): Section {
  const { domains, tasks, platforms, patterns } = composition;
  const lists = html`<div class="columns">
<div><h3>Domains</h3>${folded(domains, rows.accepted)}</div>
<div><h3>Tasks</h3>${folded(tasks, rows.accepted)}</div>
<div><h3>Platforms</h3>${folded(platforms, rows.accepted)}</div>
<div><h3>Patterns</h3><p class="hint">Asked of the teacher (outlined), found in the trajectory by rules (filled).</p>${patternList(patterns)}</div>
</div>`;
  return {
    id: 'composition',
    title: 'Composition',
    body: html`${corpusPart(corpus)}${rows.accepted === 0 ? html`<p class="empty">No trajectory was accepted.</p>` : lists}`,
  };
}

const SHOWN = 12;

function folded(items: { name: string; count: number }[], whole: number): Markup {
  const rest = items.slice(SHOWN);
  if (rest.length < 3) return barList(items, whole);
  return html`${barList(items.slice(0, SHOWN), whole)}<details class="more"><summary>${counted(rest.length, 'more', 'more')}</summary>${barList(rest, whole)}</details>`;
}

function patternList(patterns: RunReport['composition']['patterns']): Markup {
  const longest = Math.max(0, ...patterns.flatMap(({ asked, found }) => [asked, found]));
  const rows = patterns.map(
    ({ name, asked, found, asked_and_found: both }) =>
      html`<li><span class="name">${words(name)}</span><span class="pair">${bar(asked, longest, 'outline')}${bar(found, longest)}</span><span class="figure">${count(found)} found <small>${asked === 0 ? 'not asked' : `${share(both, asked)} of ${count(asked)} asked`}</small></span></li>`,
  );
  return html`<ul class="bars paired">${rows}</ul>`;
}

function corpusPart(corpus: RunReport['corpus']): Markup {
  if (corpus === null) return html`<p class="hint">The manifest has no counts of the corpus.</p>`;
  const { files, documents, passages, split_documents: split, left_out: leftOut } = corpus;
  const losses = leftOut.map(
    (loss) => html`<li><span class="minus">−${count(loss.count)}</span> ${loss.label}</li>`,
  );
  return html`<p>${counted(documents, 'document')} in ${counted(files, 'file')} gave <b>${counted(passages, 'passage')}</b>${split === 0 ? '' : `; ${count(split)} were split at paragraph borders`}.${leftOut.length === 0 ? ' Nothing was left out.' : ' Left out:'}</p>
${leftOut.length === 0 ? null : html`<ul class="losses">${losses}</ul>`}`;
}
