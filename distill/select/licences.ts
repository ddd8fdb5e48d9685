import type { DistillRules } from '../rules.ts';

/** Why a licence keeps a row out. */
export interface LicenceRefusal {
  code: 'licence_unknown' | 'licence_refused' | 'licence_not_allowed';
  text: string;
}

/**
 * Whether the rules take a licence, as free text or an SPDX expression; null when they do. In `A OR B` one
 * alternative suffices; in `A AND B` each part must be allowed and none refused.
 */
export function licenceRefusal(
  licence: string | null,
  { allow, refuse, unknown }: DistillRules['licences'],
): LicenceRefusal | null {
  if (licence === null || licence.trim() === '')
    return unknown === 'keep'
      ? null
      : { code: 'licence_unknown', text: 'the source names no licence' };
  const alternatives = licence.split(/\s+OR\s+/i).map((part) => part.split(/\s+AND\s+/i));
  const open = alternatives.filter((parts) => !parts.some((part) => matchesAny(part, refuse)));
  if (open.length === 0)
    return { code: 'licence_refused', text: `licences.refuse names ${licence}` };
  if (allow.length === 0) return null;
  if (open.some((parts) => parts.every((part) => matchesAny(part, allow)))) return null;
  return {
    code: 'licence_not_allowed',
    text: `licences.allow (${allow.join(', ')}) does not name ${licence}`,
  };
}

function matchesAny(licence: string, names: readonly string[]): boolean {
  const folded = fold(licence).replace(/^\(+/, '');
  return names.some((name) => matches(folded, fold(name)));
}

/** `CC BY 4.0` and `cc_by-4.0` are `cc-by-4.0`. */
function fold(licence: string): string {
  return licence
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, '-');
}

// A version, an SPDX suffix, or a remark: what may follow a licence's name without making it another licence.
const VERSION = /^(?:$|-?v?\d|[+.]|-(?:only|or-later|licen[cs]e)\b|-?[(),;/])/;

function matches(licence: string, name: string): boolean {
  if (name.endsWith('*')) return licence.startsWith(name.slice(0, -1));
  if (!licence.startsWith(name)) return false;
  const rest = licence.slice(name.length);
  const splitsNumber = /\d$/.test(name) && /^\d/.test(rest);
  return VERSION.test(rest) && !splitsNumber;
}
