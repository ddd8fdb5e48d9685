import type { Constraint } from '../../../core/workflow.ts';
import { ruleTexts } from '../dialogue/cast.ts';
import type { Size } from '../size.ts';
import type { Turn } from './turns.ts';

/** The system message in sections: role, rules, procedure and the records that the tools keep. */
export function structuredSystem(
  system: string,
  constraints: readonly Constraint[],
  turns: readonly Turn[],
  size: Size,
): string {
  const { role, procedure } = partsOf(system, ruleTexts(constraints));
  const rules = ruleTexts(constraints).filter((rule) => system.includes(rule));
  const sections = [
    role,
    rules.length === 0
      ? ''
      : `Rules:\n${rules.map((rule, index) => `${index + 1}. ${rule}`).join('\n')}`,
    procedure === '' ? '' : `Procedure: ${procedure}`,
    `${size === 'paper' ? 'Database' : 'Records'}: ${schemaOf(turns, size)}`,
  ];
  return sections.filter((section) => section !== '').join('\n');
}

/** What stands before the rules and after them; a message that does not have them all stays whole. */
function partsOf(system: string, rules: readonly string[]): { role: string; procedure: string } {
  const places = rules
    .map((rule) => ({ start: system.indexOf(rule), end: system.indexOf(rule) + rule.length }))
    .filter(({ start }) => start >= 0);
  if (places.length === 0) return { role: system.trim(), procedure: '' };
  const start = Math.min(...places.map((place) => place.start));
  const end = Math.max(...places.map((place) => place.end));
  const middle = rules
    .reduce((rest, rule) => rest.replace(rule, ''), system.slice(start, end))
    .replace(/[-*\d.\s]+/g, '');
  const role = system
    .slice(0, start)
    .replace(/[-*\s]+$/, '')
    .replace(/[^.!?\n]*:$/, '')
    .trim();
  // Text between the rules that is none of them must not be lost.
  return middle === ''
    ? { role, procedure: system.slice(end).trim().replace(/\s+/g, ' ') }
    : { role: system.trim(), procedure: '' };
}

/** The fields of what each tool returns: "sale(sale_id text, status text); ...". */
function schemaOf(turns: readonly Turn[], size: Size): string {
  const tables = new Map<string, Map<string, string>>();
  for (const turn of turns) {
    if (turn.kind !== 'call' || turn.failed) continue;
    const table = turn.name.replace(/^[a-z]+_(?:up_|for_|in_|out_|off_|on_)?(?=.)/, '');
    const fields = tables.get(table) ?? new Map<string, string>();
    for (const [name, value] of Object.entries(turn.result)) fields.set(name, typeName(value));
    if (fields.size > 1) tables.set(table, fields);
  }
  const columns = (fields: ReadonlyMap<string, string>) =>
    [...fields].map(([name, type]) => (size === 'paper' ? `${name} ${type}` : name)).join(', ');
  return `${[...tables].map(([name, fields]) => `${name}(${columns(fields)})`).join('; ')}.`;
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'list';
  if (typeof value === 'string') return /^\d{4}-\d{2}-\d{2}$/.test(value) ? 'date' : 'text';
  return typeof value === 'object' ? 'object' : typeof value;
}
