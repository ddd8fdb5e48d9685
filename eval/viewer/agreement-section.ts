import { clip } from '../run-report/clip.ts';
import { dataTable } from '../run-report/data-table.ts';
import { html } from '../run-report/markup.ts';
import { clipped } from '../run-report/sections/clipped.ts';
import type { Section } from '../run-report/sections/section.ts';
import { counted, share } from '../run-report/words.ts';
import type { PersonAgreement } from './agreement.ts';

const MOST_REASON = 600;

/** The part of a run's report on what a person said of its rows. */
export function agreementSection(agreement: PersonAgreement): Section {
  const { marked, missing, differing } = agreement;
  const gone =
    missing === 0
      ? ''
      : ` ${counted(missing, 'marked row')} ${missing === 1 ? 'is' : 'are'} no longer in the run.`;
  const body = html`<p class="hint">A person marked ${counted(marked, 'row')} in the viewer. They chose the rows themselves: the shares are of those rows, not of the run.${gone}</p>
${dataTable({ label: 'Agreement of the person', head: AGREEMENT_HEAD, rows: agreementRows(agreement) })}
${
  differing.length === 0
    ? null
    : html`<h3>Where person and judge differ</h3><ul class="examples">${differing.map(({ id, person, reason }) => html`<li><p class="place"><code>${id}</code> <span>the person would ${person} it</span></p><p class="said">The judge: ${clipped(clip(reason, MOST_REASON))}</p></li>`)}</ul>`
}`;
  return { id: 'person', title: 'A person’s word', body };
}

export const AGREEMENT_HEAD = [
  'with',
  'rows',
  'agree',
  'kappa (95%)',
  'person alone accepts',
  'person alone rejects',
];

/** A line for the judge and one for the run. */
export function agreementRows({ judge, run }: PersonAgreement): (string | number)[][] {
  return [line('the judge', judge), line('the run', run)];
}

/** Below it the large-sample interval of kappa says nothing. */
const FEWEST = 10;

function line(
  name: string,
  { n, agreement, kappa, low, high, only_person: alone, only_other: other }: PersonAgreement['run'],
) {
  const isFew = n < FEWEST || low === null || high === null;
  const around = isFew ? '' : ` (${low.toFixed(2)} to ${high.toFixed(2)})`;
  return [
    name,
    n,
    agreement.share === null ? '–' : share(agreement.share, 1),
    kappa === null ? '–' : `${kappa.toFixed(2)}${around}`,
    alone,
    other,
  ];
}
