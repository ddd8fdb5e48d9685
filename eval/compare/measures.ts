import type { FunnelKey } from '../../core/run/funnel.ts';
import { Pattern } from '../../core/taxonomy.ts';
import { checkOf } from '../../synth/check/run-checks.ts';
import { COST } from './cost-measures.ts';
import { FAMILIES } from './families.ts';
import {
  CANDIDATES,
  JUDGED,
  PASSAGES,
  PASSED,
  passages,
  type RatioMeasure,
  REVIEWED,
  type Term,
} from './measure.ts';
import { ShapeName } from './shape.ts';

/**
 * All measures that are ratios.
 * @param codes the columns of findings that there are: `code.SEVERITY.CODE`
 */
export function ratioMeasures(codes: readonly string[]): RatioMeasure[] {
  return [
    ...YIELD,
    ...FUNNEL,
    ...JUDGE,
    ...CHECKS,
    ...findings(codes),
    ...SHAPE,
    ...PATTERNS,
  ].concat(COST, MEMORISATION);
}

const YIELD: RatioMeasure[] = [
  {
    group: 'yield',
    name: 'passed_of_candidates',
    title: 'accepted, of candidates',
    unit: 'share',
    better: 'higher',
    numerator: PASSED,
    denominator: CANDIDATES,
  },
  {
    group: 'yield',
    name: 'passed_per_passage',
    title: 'accepted, a passage',
    unit: 'number',
    better: 'higher',
    numerator: PASSED,
    denominator: PASSAGES,
  },
];

const STATIONS: [FunnelKey, string, RatioMeasure['better'], RatioMeasure['needs']?][] = [
  ['multi_step', 'multi-step, domain kept', null],
  ['filtered_not_multi_step', 'not multi-step', null],
  ['filtered_domain', 'domain dropped', null],
  ['workflows', 'workflows extracted', null],
  ['generated', 'generated', null],
  ['refined', 'refined', null, 'refine'],
  ['synthesized', 'written by the synthesizer', null],
  ['fallback', 'passed on to the pipeline', null],
  ['check_passed', 'passed the checks', 'higher', 'check'],
  ['judge_passed', 'passed the judge', 'higher', 'judge'],
  ['rejected_filter', "filter's answer unreadable", 'lower'],
  ['rejected_extract', 'extraction unreadable', 'lower'],
  ['rejected_generate', 'generation unreadable', 'lower'],
  ['rejected_refine', 'refinement unreadable', 'lower', 'refine'],
  ['rejected_synthesize', "synthesizer's answer unreadable", 'lower'],
  ['rejected_selection', 'left for a better candidate', null],
  ['rejected_check', 'turned down by the checks', 'lower', 'check'],
  ['rejected_judge', 'turned down by the judge', 'lower', 'judge'],
  ['unscored', 'without a readable verdict', 'lower', 'judge'],
  ['repair_tried', 'turned down and mended', null],
  ['repaired', 'accepted after mending', null],
  ['fallback_passed', "accepted of the pipeline's after the synthesizer", null],
];

const FUNNEL: RatioMeasure[] = STATIONS.map(([key, title, better, needs]) => ({
  group: 'funnel',
  name: key,
  title: `${title}, a passage`,
  unit: 'number',
  better,
  numerator: passages(`funnel.${key}`),
  denominator: PASSAGES,
  ...(needs === undefined ? {} : { needs }),
}));

const RUBRICS = ['argument_values', 'capability', 'context'];

const JUDGE: RatioMeasure[] = [
  ...RUBRICS.map((rubric) => [`rubric.${rubric}`, `rubric ${rubric}`] as const),
  ['judge_passes', 'all rubrics'] as const,
].map(([column, title]) => ({
  group: 'judge',
  name: column,
  title: `${title} passed, of judged`,
  unit: 'share',
  better: 'higher',
  numerator: { of: 'judged', column },
  denominator: JUDGED,
  needs: 'judge',
}));

const CHECKS: RatioMeasure[] = [
  checked('with_error', 'candidates with an error', 'lower', 'reviewed'),
  checked('fails_paper_gate', "candidates that fail the paper's rule check", 'lower', 'reviewed'),
  checked('with_error_passed', 'accepted with an error', 'lower', 'passed', 'with_error'),
  ...Object.keys(FAMILIES).map((family) =>
    checked(`clean.${family}`, `candidates without a finding of ${family}`, 'higher', 'reviewed'),
  ),
  {
    group: 'checks',
    name: 'grounded_arguments',
    title: 'argument values with a source, of accepted rows',
    unit: 'share',
    better: 'higher',
    numerator: { of: 'passed', column: 'arguments_grounded' },
    denominator: { of: 'passed', column: 'arguments_traced' },
  },
];

function checked(
  name: string,
  title: string,
  better: RatioMeasure['better'],
  of: 'reviewed' | 'passed',
  column = name,
): RatioMeasure {
  const denominator = of === 'passed' ? PASSED : REVIEWED;
  return {
    group: 'checks',
    name,
    title,
    unit: 'share',
    better,
    numerator: { of, column },
    denominator,
  };
}

/** The share of the candidates that have a finding, by code; errors first. */
function findings(columns: readonly string[]): RatioMeasure[] {
  const codes = columns.filter((column) => column.startsWith('code.')).sort();
  return codes.map((column) => {
    const [, severity = '', code = ''] = column.split('.');
    const title = `${code} (${severity})${checkOf(code) === undefined ? ', a code of other checks' : ''}`;
    return {
      group: 'findings',
      name: column,
      title,
      unit: 'share',
      better: 'lower',
      numerator: { of: 'reviewed', column },
      denominator: REVIEWED,
    };
  });
}

/** Words for the shape of a row, for headings and tables. */
export const SHAPE_TITLES: Record<ShapeName, string> = {
  messages: 'messages',
  turns: 'user turns',
  tools: 'tools offered',
  calls: 'tool calls',
  distinct_tools_called: 'distinct tools called',
  arguments: 'argument values',
  argument_depth: 'deepest argument',
  errors: 'results that are errors',
  errors_recovered: 'errors recovered from',
  refusals: 'refusals and limitations',
  patterns: 'different patterns',
};

const SHAPE: RatioMeasure[] = ShapeName.options.map((name) => ({
  group: 'shape',
  name,
  title: `${SHAPE_TITLES[name]}, mean of accepted`,
  unit: 'number',
  better: null,
  numerator: { of: 'passed', column: name },
  denominator: PASSED,
}));

const PATTERNS: RatioMeasure[] = Pattern.options.map((name) => ({
  group: 'patterns',
  name: `pattern.${name}`,
  title: `${name}, of accepted`,
  unit: 'share',
  better: null,
  numerator: { of: 'passed', column: `pattern.${name}` },
  denominator: PASSED,
}));

const OVERLAP_ROWS: Term = { of: 'passed', column: 'overlap_rows' };

const MEMORISATION: RatioMeasure[] = [
  ['overlap', 'runs of 8 words that stand in the training set, mean of accepted', 'lower'] as const,
  ['overlap_half', 'accepted rows that share half of them or more', 'lower'] as const,
  ['passage_trained', 'accepted rows whose document was trained on', null] as const,
].map(([column, title, better]) => ({
  group: 'memorisation',
  name: column,
  title,
  unit: 'share',
  better,
  numerator: { of: 'passed', column },
  denominator: OVERLAP_ROWS,
}));
