import { paperFigure } from '../../core/stats/paper-figures.ts';
import { usd } from '../../synth/summary.ts';
import { AGREEMENT_HEAD, agreementRows } from '../viewer/agreement-section.ts';
import { plain } from './plain-markdown.ts';
import type { RunReport, Sample } from './run-report.ts';
import { disagreement, factsOf, whatWasRun } from './sections/overview.ts';
import { count, DISTRIBUTION_TITLES, decimal, OFFLINE_NOTICE, share, words } from './words.ts';

/** The report in short, as Markdown: the figures without the trajectories. */
export function renderMarkdown(report: RunReport): string {
  const { run } = report;
  const stale = disagreement(report);
  const parts = [
    `# ${plain(run.name)}: run report`,
    ...(run.offline ? [`> **Offline teacher.** ${OFFLINE_NOTICE}`] : []),
    `${run.state}${run.message === null ? '' : ` (${plain(run.message)})`}. ${plain(whatWasRun(report))}.`,
    ...(stale === undefined ? [] : [plain(stale)]),
    factsOf(report)
      .map(([term, value, remark]) => `- ${term}: **${plain(value)}** (${plain(remark)})`)
      .join('\n'),
    ...funnelPart(report),
    ...rejectionPart(report),
    ...costPart(report),
    ...shapePart(report),
    ...compositionPart(report),
    ...findingPart(report),
    ...personPart(report),
    ...samplePart(report),
  ];
  return `${parts.join('\n\n')}\n`;
}

function funnelPart({ funnel, failed_passages: failed, mending }: RunReport): string[] {
  const rows = funnel.map(({ label, count: here, lost }, index) => [
    label,
    count(here),
    index === 0 ? '' : share(here, funnel[index - 1]?.count ?? 0),
    lost.map((loss) => `${loss.label} ${count(loss.count)}`).join(', '),
  ]);
  const waiting =
    failed === 0 ? [] : [`Passages without an answer from the server: ${count(failed)}.`];
  return [
    '## Funnel',
    table(['station', 'count', 'of the one before', 'fell away'], rows),
    ...waiting,
    ...(mending === null
      ? []
      : [
          `Turned down and mended: ${count(mending.tried)}; of these accepted after it: ${count(mending.accepted)}.`,
        ]),
  ];
}

function rejectionPart({ rejections }: RunReport): string[] {
  if (rejections.length === 0)
    return ['## Turned down, and why', 'Nothing was turned down after the filter.'];
  const rows = rejections.flatMap(({ by, reasons }) =>
    reasons.map(({ kind, name, title, rows: times, examples }) => {
      const reason = title === null ? name : `${kind === 'rubric' ? words(name) : name}: ${title}`;
      return [
        by,
        reason,
        count(times),
        examples
          .map(({ row_id: id, message_index: at }) => (at === null ? id : `${id} (message ${at})`))
          .join(', '),
      ];
    }),
  );
  return ['## Turned down, and why', table(['by', 'reason', 'rows', 'examples'], rows)];
}

function costPart({ bill }: RunReport): string[] {
  const line = (stage: string, endpoint: string, one: RunReport['bill']['total']) => [
    stage,
    endpoint,
    ...[one.requests, one.reused, one.prompt_tokens, one.cached_tokens, one.completion_tokens].map(
      count,
    ),
    usd(one.cost_usd),
  ];
  const rows = [
    ...bill.stages.map((entry) => line(entry.stage, entry.endpoint, entry.bill)),
    line('total', '', bill.total),
  ];
  return [
    '## Cost',
    table(
      ['stage', 'endpoint', 'requests', 'reused', 'prompt', 'cached', 'completion', 'USD'],
      rows,
    ),
  ];
}

function shapePart({ distributions, run }: RunReport): string[] {
  if (distributions.length === 0) return [];
  const rows = distributions.map(({ name, mean, median, p5, p95, min, max }) => {
    const paper = paperFigure(name, run.ablation.refine);
    return [
      DISTRIBUTION_TITLES[name],
      ...[mean, median, p5, p95, min, max].map(decimal),
      paper === undefined ? '' : String(paper.mean),
    ];
  });
  return [
    '## Shape of the trajectories',
    table(['', 'mean', 'median', 'p5', 'p95', 'min', 'max', "paper's mean"], rows),
  ];
}

function compositionPart({ composition, rows }: RunReport): string[] {
  if (rows.accepted === 0) return [];
  const top = (items: { name: string; count: number }[]) =>
    items
      .slice(0, 8)
      .map((item) => `${plain(words(item.name))} ${count(item.count)}`)
      .join(', ');
  const { domains, tasks, platforms, patterns } = composition;
  const found = patterns.map(({ name, asked, found: times, asked_and_found: both }) => [
    words(name),
    count(asked),
    count(times),
    count(both),
  ]);
  return [
    '## Composition',
    [`- Domains: ${top(domains)}`, `- Tasks: ${top(tasks)}`, `- Platforms: ${top(platforms)}`].join(
      '\n',
    ),
    ...(found.length === 0 ? [] : [table(['pattern', 'asked', 'found', 'asked and found'], found)]),
  ];
}

function findingPart({ findings }: RunReport): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map((one) => [
    one.code,
    one.severity,
    one.title ?? '',
    count(one.findings),
    count(one.rows_accepted),
    count(one.rows_rejected),
  ]);
  return [
    '## Findings of the checks',
    table(['code', 'severity', 'meaning', 'findings', 'accepted rows', 'rejected rows'], rows),
  ];
}

function personPart({ person }: RunReport): string[] {
  if (person === null) return [];
  const rows = agreementRows(person).map((row) => row.map(String));
  return [`## A person's word`, table(AGREEMENT_HEAD, rows)];
}

function samplePart({ samples }: RunReport): string[] {
  const lines = [...samples.accepted, ...samples.rejected].map(
    (sample) => `- ${plain(sampleLine(sample))}`,
  );
  return lines.length === 0
    ? []
    : ['## Trajectories to read', 'Shown in full in report.html.', lines.join('\n')];
}

/** A sampled trajectory in a line. */
export function sampleLine({ id, workflow, summary, rejected_by: by }: Sample): string {
  const title = (workflow?.description ?? summary)?.text.slice(0, 120) ?? '';
  return `${id}${by === null ? '' : ` (rejected by ${by})`}: ${title}`;
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]) => `| ${cells.join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map((row) => line(row.map(plain)))].join(
    '\n',
  );
}
