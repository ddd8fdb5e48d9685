import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';
import { agree, type Fact } from '../faithfulness/facts.ts';
import { jsonOf } from '../json-path.ts';
import type { Row } from '../row.ts';
import { unitOfArgument } from './argument.ts';
import { wholeFact } from './bounds.ts';
import { type CallRecord, callRecords } from './call-records.ts';

/** A success whose own result names a limit that the call, or the result, goes beyond. */
export interface OwnLimit {
  call: CallRecord;
  key: string;
  limit: string;
  given: string;
}

const MAX_RESULT = 100_000;
const MAX_CALLS = 300;
const MAX_MEMBERS = 60;
const LIMIT_KEY =
  /^(?:(max|maximum|min|minimum)_(?:allowed_|permitted_)?(\w{1,60})|(\w{1,60}?)_(max|maximum|min|minimum|limit)(?:_[a-z]{1,6})?|(limit|max|maximum)(?:_[a-z]{1,6})?)$/i;

/** Successful calls that their own results forbid: max_weight_kg 20 beside weight_kg 25, limit "60x70" beside 54x74. */
export function ownLimits(row: Row): OwnLimit[] {
  return callRecords(row)
    .filter(({ outcome, result }) => outcome === 'success' && mayHaveLimit(result?.content ?? ''))
    .slice(0, MAX_CALLS)
    .flatMap((call) => {
      const value = jsonOrUndefined(call.result?.content ?? '');
      if (!isObject(value)) return [];
      const levels = [value, ...Object.values(value).filter(isObject).slice(0, 4)];
      return levels.flatMap((level) => inLevel(call, level));
    });
}

function mayHaveLimit(content: string): boolean {
  return content.length <= MAX_RESULT && /max|min|limit/i.test(content);
}

interface Given {
  name: string;
  written: string;
  measure: Fact | undefined;
}

function inLevel(call: CallRecord, level: Record<string, unknown>): OwnLimit[] {
  const entries = Object.entries(level).slice(0, MAX_MEMBERS);
  const limits = entries.filter(([key]) => LIMIT_KEY.test(key));
  if (limits.length === 0) return [];
  const all = [...Object.entries(call.args ?? {}).slice(0, MAX_MEMBERS), ...entries];
  const given: Given[] = all
    .filter(([name]) => !LIMIT_KEY.test(name))
    .map(([name, value]) => ({ name, written: textOf(value), measure: measure(name, value) }));
  return limits.flatMap(([key, value]) => {
    const limit = measure(key, value);
    const match = LIMIT_KEY.exec(key);
    if (match === null || limit === undefined) return [];
    const subject = match[2] ?? match[3] ?? '';
    const isLeast = /^min/i.test(match[1] ?? match[4] ?? '');
    const beyond = given.find(
      (one) => isSubject(one.name, subject, limit) && exceeds(one.measure, limit, isLeast),
    );
    if (beyond === undefined) return [];
    return [{ call, key, limit: textOf(value), given: `${beyond.name} ${beyond.written}` }];
  });
}

/** A bare number needs the name of its limit; a pair is told by being one. */
function isSubject(name: string, subject: string, limit: Fact): boolean {
  if (limit.values.length > 1) return true;
  return subject !== '' && name.toLowerCase() === subject.toLowerCase();
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : jsonOf(value);
}

function measure(name: string, value: unknown): Fact | undefined {
  if (typeof value !== 'number' && typeof value !== 'string') return undefined;
  const text = String(value);
  const unit = unitOfArgument(name, '');
  return wholeFact(text, unit) ?? wholeFact(text);
}

function exceeds(given: Fact | undefined, limit: Fact, isLeast: boolean): boolean {
  if (given === undefined || given.values.length !== limit.values.length) return false;
  const sameKind = given.kind === limit.kind && given.kind !== 'date';
  const list = sameKind ? 'values' : 'plain';
  if (!sameKind && given.kind !== 'count' && limit.kind !== 'count') return false;
  if (agree(given, limit)) return false;
  return given[list].some((side, index) => {
    const bound = limit[list][index] ?? side;
    return isLeast ? side < bound : side > bound;
  });
}
