import { LengthName } from '../../core/stats/lengths.ts';
import { paperFigure } from '../../core/stats/paper-figures.ts';
import { Severity } from '../../core/trajectory.ts';
import { checkOf } from '../../synth/check/run-checks.ts';
import type { RunFigures } from './comparison.ts';
import { ratioMeasures } from './measures.ts';
import type { NamedRun } from './method.ts';
import { countRows, type RunTable } from './run-table.ts';
import { ShapeName } from './shape.ts';
import { pairedSums } from './unit-sums.ts';

/** A run's own figures, over all passages that it has brought to an end. */
export function runFigures(run: NamedRun): RunFigures {
  const { table, name } = run;
  const { method, state, offline, ablation, fingerprint_parts: parts } = table.manifest;
  return {
    name,
    method,
    state,
    offline,
    ablation,
    gate: typeof parts.gate === 'string' ? parts.gate : null,
    seed: typeof parts.seed === 'number' ? parts.seed : null,
    passages: table.passages.ids.length,
    rows: { passed: countRows(table, 'passed'), candidates: countRows(table, 'candidate') },
    rechecked: table.rechecked,
    measures: measuresOf(run),
    distributions: distributionsOf(table),
    findings: findingsOf(table),
  };
}

function measuresOf({ name: runName, table }: NamedRun): RunFigures['measures'] {
  const method = { name: runName, runs: [table] };
  const passages = table.passages.ids;
  const measures = ratioMeasures([]).filter(({ needs }) => {
    if (needs === 'check' || needs === 'judge' || needs === 'refine')
      return table.manifest.ablation[needs];
    if (needs === 'gpus') return table.gpus !== null;
    return needs === undefined || table.hasCosts;
  });
  const sums = pairedSums(measures, [method, method], [passages.length, 0], passages);
  return measures.flatMap(({ group, name, title, unit }, index) => {
    const total = (values: Float64Array | undefined) =>
      values?.reduce((sum, value) => sum + value, 0) ?? 0;
    const whole = total(sums[index]?.aDenominator);
    if (whole === 0) return [];
    return [{ group, name, title, unit, value: total(sums[index]?.aNumerator) / whole }];
  });
}

function distributionsOf({ shapes, manifest }: RunTable): RunFigures['distributions'] {
  return ShapeName.options.flatMap((name) => {
    const summary = shapes[name].summary();
    const length = LengthName.safeParse(name);
    const paper = length.success ? paperFigure(length.data, manifest.ablation.refine) : undefined;
    return summary === null ? [] : [{ name, ...summary, paper: paper ?? null }];
  });
}

/** How many candidates have a finding, the gravest and commonest first. */
function findingsOf({ rows }: RunTable): RunFigures['findings'] {
  const codes = rows.columns.names.filter((column) => column.startsWith('code.'));
  const list = codes.map((column) => {
    const [, severity, code = ''] = column.split('.');
    return {
      code,
      severity: Severity.parse(severity),
      rows: rows.columns.total(column),
      title: checkOf(code)?.title ?? null,
    };
  });
  const grave = ({ severity }: { severity: Severity }) => Severity.options.indexOf(severity);
  return list.sort((a, b) => grave(a) - grave(b) || b.rows - a.rows || (a.code < b.code ? -1 : 1));
}
