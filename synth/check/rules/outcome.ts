import { isObject, jsonOrUndefined } from '../../../core/formats/arguments.ts';

/**
 * What a tool's result says: that it was done (`success`), that it was not, by an error or by a decision
 * against it (`failure`), or neither for sure (`unclear`).
 */
export type Outcome = 'success' | 'failure' | 'unclear';

const MAX_JSON = 256 * 1024;
const MAX_TEXT = 2000;

/** Members that wrap what was returned. */
const WRAPPERS = ['result', 'results', 'data', 'response', 'output'];

const ERROR_KEY = /^(?:errors?|error_?(?:code|message|type|reason)|exception|traceback)$/i;
const DECISION_KEY =
  /^(?:is_?|can_?(?:be_?)?)?(?:success(?:ful)?|succeeded|ok|allow(?:ed)?|approv(?:ed|al)|valid|eligible|eligibility|accept(?:ed)?|permitted|authori[sz]ed|confirmed|fits|within_?(?:the_?)?(?:limits?|range|window|policy))$/i;
const STATUS_KEY = /^(?:status|state|outcome|decision|result|verdict)$/i;
const FAILED_STATUS =
  /^(?:error|fail(?:ed|ure)?|reject(?:ed)?|refused?|den(?:ied|y)|declined|invalid|forbidden|not[ _-]?(?:allowed|approved|permitted|eligible|found|possible|valid)|ineligible|unauthori[sz]ed|unavailable|blocked|exceed(?:ed|s)?(?:[ _-]limit)?|limit[ _-]exceeded|out[ _-]of[ _-]range|disallowed|prohibited)$/i;
const OPEN_STATUS =
  /pending|review|await|wait|require|need|partial|unknown|queued|hold|warn|unconfirmed/i;

const FAILED_TEXT =
  /^\s*(?:error|failed|failure|exception|traceback|invalid|denied|rejected|refused|forbidden|not (?:found|allowed|possible|permitted)|unable|cannot|can't|sorry)\b/i;
const DOUBTFUL_TEXT =
  /\b(?:not|cannot|can't|unable|denied|den(?:y|ies)|exceed(?:s|ed)?|invalid|fail(?:s|ed|ure)?|error|reject(?:s|ed)?|refus(?:e|es|ed)|forbidden|too (?:large|big|many|long|late|high|heavy)|over the limit|ineligible|prohibited)\b/i;

/** Reads the content of a tool message; JSON or any other text. */
export function outcomeOf(content: string): Outcome {
  const value = content.length > MAX_JSON ? undefined : jsonOrUndefined(content);
  return value === undefined ? ofText(content) : ofValue(value, 2);
}

function ofText(text: string): Outcome {
  const head = text.slice(0, MAX_TEXT);
  if (head.trim() === '') return 'unclear';
  if (FAILED_TEXT.test(head)) return 'failure';
  return DOUBTFUL_TEXT.test(head) ? 'unclear' : 'success';
}

function ofValue(value: unknown, depth: number): Outcome {
  if (typeof value === 'string') return ofText(value);
  if (typeof value === 'boolean') return value ? 'success' : 'failure';
  if (typeof value === 'number') return 'success';
  if (Array.isArray(value)) return value.length === 0 ? 'unclear' : 'success';
  return isObject(value) ? ofObject(value, depth) : 'unclear';
}

function ofObject(value: Record<string, unknown>, depth: number): Outcome {
  const entries = Object.entries(value).slice(0, 200);
  if (entries.length === 0) return 'unclear';
  if (entries.some(([key, member]) => !isEmpty(member) && ERROR_KEY.test(key))) return 'failure';
  const said = new Set(entries.map(([key, member]) => memberSays(key, member)));
  if (said.has('failure')) return said.has('success') ? 'unclear' : 'failure';
  if (said.has('unclear')) return 'unclear';
  if (said.has('success')) return 'success';
  for (const [key, member] of entries) {
    if (depth > 0 && WRAPPERS.includes(key) && isObject(member)) return ofObject(member, depth - 1);
  }
  const [only] = entries;
  const isNotice =
    entries.length === 1 && /^(?:message|msg|detail|reason|note)$/i.test(only?.[0] ?? '');
  return isNotice && typeof only?.[1] === 'string' ? ofText(only[1]) : 'success';
}

/** What one member decides; undefined where it decides nothing. */
function memberSays(key: string, member: unknown): Outcome | undefined {
  if (typeof member === 'boolean' && DECISION_KEY.test(key)) return member ? 'success' : 'failure';
  if (!STATUS_KEY.test(key)) return undefined;
  if (typeof member === 'number' && key === 'status' && member >= 400 && member < 600)
    return 'failure';
  if (typeof member !== 'string') return undefined;
  if (FAILED_STATUS.test(member.trim())) return 'failure';
  return OPEN_STATUS.test(member.slice(0, 200)) ? 'unclear' : undefined;
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === false || value === '' || value === 0)
    return true;
  return Array.isArray(value) ? value.length === 0 : value === 'none';
}
