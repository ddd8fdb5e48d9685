import { agreementSection } from '../viewer/agreement-section.ts';
import { pageOf } from './page.ts';
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
  const sections = SECTIONS.map((section) => section(report));
  if (report.person !== null) sections.splice(-1, 0, agreementSection(report.person));
  return pageOf(`${report.run.name}: run report`, overview(report), sections);
}
